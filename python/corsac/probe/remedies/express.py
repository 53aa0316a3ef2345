"""What to write in Express, with the package cors.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://github.com/expressjs/cors#configuration-options
"""

LINES = {
    "list": 'app.use(cors({ origin: ["https://app.example"] }));',
    "credentials": 'app.use(cors({ origin: ["https://app.example"], credentials: true }));',
    "names": """\
app.use(cors({
  origin: ["https://app.example"],
  methods: ["GET", "PUT"],
  allowedHeaders: ["Content-Type", "Authorization"], // left out: whatever is asked for
  exposedHeaders: ["X-Request-Id"],
}));""",
    "vary": """\
app.use(cors({ origin: ["https://app.example"] })); // a list sets Vary: Origin
res.vary("Accept"); // adds; res.set("Vary", ...) takes Origin away again""",
    "preflight": """\
app.use(cors({ origin: ["https://app.example"] })); // before authentication and every router""",
    "every-response": """\
app.use(cors({ origin: ["https://app.example"] })); // before what may fail or redirect""",
    "one-value": """\
app.use(cors({ origin: ["https://app.example"] })); // once; no res.set, nothing in the proxy""",
    "max-age": 'app.use(cors({ origin: ["https://app.example"], maxAge: 600 }));',
}
