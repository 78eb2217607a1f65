"""What the sections of the settings have in common."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from search import settings_values

Folder = Annotated[Path, BeforeValidator(settings_values.folder)]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Section(BaseModel):
    """A section of the settings; each field's description says what the key takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _is_no_boolean(cls, value: object, info: ValidationInfo) -> object:
        takes_booleans = cls.model_fields[str(info.field_name)].annotation is bool
        if isinstance(value, bool) and not takes_booleans:  # it would pass for the number 0 or 1
            raise ValueError(value)
        return value
