"""Configuration from outside: policies in TOML files and environment variables, read and written.

Here: the public names, behind `Policy.from_toml`, `from_env`, `to_toml` and those of `PolicyMap`.
Not here: which policies are wrong (`_policy.py`), new ones while serving (`corsac.live`);
`import corsac` does not import it.
Spec: https://toml.io/en/v1.0.0
"""

from ._environment import from_env, read_map_from_env, read_policies_from_env
from ._error import CODES, ConfigurationError, ConfigurationProblem
from ._files import read_map, read_policies, read_toml
from ._schema import schema
from ._writing import map_to_toml, policies_to_toml, to_toml

__all__ = [
    "CODES",
    "ConfigurationError",
    "ConfigurationProblem",
    "from_env",
    "map_to_toml",
    "policies_to_toml",
    "read_map",
    "read_map_from_env",
    "read_policies",
    "read_policies_from_env",
    "read_toml",
    "schema",
    "to_toml",
]
