"""The exceptions of this package."""


class UnexpectedStatus(Exception):  # noqa: N818 - the generator's name
    """The server answered with a status that is no documented success.

    Attributes:
        status_code: The status.
        content: The body, as bytes.
    """

    def __init__(self, status_code: int, content: bytes) -> None:
        self.status_code = status_code
        self.content = content
        super().__init__(f"status {status_code} is no documented success: {content.decode(errors='replace')}")


__all__ = ["UnexpectedStatus"]
