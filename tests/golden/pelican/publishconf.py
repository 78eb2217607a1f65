from pelicanconf import *

SITEURL = "https://tea.example"
RELATIVE_URLS = False
