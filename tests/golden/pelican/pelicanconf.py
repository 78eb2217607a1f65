AUTHOR = "Alexis Roy"
SITENAME = "Tea"
SITEURL = ""

PATH = "content"
TIMEZONE = "Europe/Paris"
DEFAULT_LANG = "en"
