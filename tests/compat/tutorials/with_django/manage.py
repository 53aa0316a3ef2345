"""The project's command line, as `startproject` gives it.

Here: the default settings. Not here: the settings (`mysite/`).
Spec: https://docs.djangoproject.com/en/stable/ref/django-admin/
"""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
