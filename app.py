"""Run the service with the settings of the environment: `python app.py`."""

from assistant.service import serve
from assistant.settings import Settings

if __name__ == "__main__":
    serve(Settings())
