"""What to write in Starlette and FastAPI.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://www.starlette.io/middleware/#corsmiddleware
"""

LINES = {
    "list": 'app.add_middleware(CORSMiddleware, allow_origins=["https://app.example"])',
    "credentials": """\
app.add_middleware(
    CORSMiddleware, allow_origins=["https://app.example"], allow_credentials=True
)""",
    "names": """\
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example"],
    allow_methods=["GET", "PUT"],
    allow_headers=["Content-Type", "Authorization"],
    expose_headers=["X-Request-Id"],
)""",
    "vary": """\
# corsac's adds Vary: Origin to every response:
from corsac.adapters.starlette import CORSMiddleware

app.add_middleware(CORSMiddleware, allow_origins=["https://app.example"])""",
    "preflight": """\
app.add_middleware(AuthenticationMiddleware, backend=backend)
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example"])  # last = outermost""",
    "every-response": """\
app = CORSMiddleware(app, allow_origins=["https://app.example"])
# Around the application: add_middleware stays inside of what answers unhandled errors.""",
    "one-value": """\
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example"])
# Once; no header of an endpoint's own, nothing in the proxy.""",
    "max-age": """\
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example"], max_age=600)""",
}
