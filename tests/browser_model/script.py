"""Runs the few lines of JavaScript that stand in the corpus's rows.

Here: the small part of the language that they use: constants, calls, literals, sums, loops.
Not here: what a page offers to scripts (`page.py`). What a row does with results that no row has
(functions as values, comparisons) is passed over.
Spec: https://tc39.es/ecma262/
"""

import re

TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      | (?P<number>\d+)
      | (?P<name>[A-Za-z_$][\w$]*)
      | (?P<sign>=>|===?|&&|\|\||--|\+\+|[-+*/(){}\[\];,.:?=<>!])
    )""",
    re.VERBOSE,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
UNDEFINED = type("Undefined", (), {"__bool__": lambda self: False})()


class Thrown(Exception):
    """What a script throws and nobody catches; its text is what the page reports."""


class Returned(Exception):
    """The end of a script, with its value."""


def unquote(literal):
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[1]), literal[1:-1])


class Script:
    """One script, run while it is read. `names`: what it can use, and what it declares."""

    def __init__(self, text, names):
        self.names = names
        self.tokens = []
        at = 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            assert match, text[at:]
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self.at = 0

    def run(self):
        """The value of the first `return`, or None."""
        try:
            while self.at < len(self.tokens):
                self.statement()
        except Returned as end:
            return end.args[0]
        return None

    def peek(self, ahead=0):
        at = self.at + ahead
        return self.tokens[at][1] if at < len(self.tokens) else ""

    def take(self, wanted=None):
        token = self.tokens[self.at][1]
        assert wanted in (None, token), (wanted, token)
        self.at += 1
        return token

    def skip(self):
        """Passes over brackets with all that is in them."""
        depth = 0
        while True:
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(
                self.take(), 0
            )
            if depth == 0:
                return

    def statement(self):
        word = self.peek()
        if word == ";":
            self.take()
        elif word == "{":
            self.take()
            while self.peek() != "}":
                self.statement()
            self.take()
        elif word == "try":
            self.take()
            self.guarded()
        elif word == "for":
            self.take()
            self.loop()
        elif word == "return":
            self.take()
            raise Returned(self.expression())
        elif word in ("const", "let"):
            self.take()
            self.declaration()
        else:
            self.expression()

    def declaration(self):
        name = self.take()
        self.take("=")
        self.names[name] = self.expression()

    def guarded(self):
        """`try {...} catch (e) {...}`."""
        begin = self.at
        self.skip()
        end = self.at
        self.at = begin
        try:
            self.statement()
        except Thrown as error:
            self.at = end
            self.take("catch")
            self.take("(")
            self.names[self.take()] = str(error)
            self.take(")")
            self.statement()
        else:
            self.at = end + 4
            self.skip()

    def loop(self):
        """`for (const x of xs)` and `for (let i = 30; i > 0; i--)`."""
        self.take("(")
        self.take()
        name = self.take()
        if self.peek() == "of":
            self.take()
            values = self.expression()
        else:
            self.take("=")
            values = range(self.expression(), 0, -1)
            while self.peek() != ")":
                self.take()
        self.take(")")
        begin = self.at
        for value in values:
            self.at = begin
            self.names[name] = value
            self.statement()

    def expression(self):
        """Also assignments, which only members of objects have."""
        if self.peek(1) == "=>" or (self.peek(), self.peek(2)) == ("(", "=>"):
            return self.arrow()
        begin = self.at
        value = self.disjunction()
        if self.peek() != "=":
            return value
        self.take()
        target = self.tokens[begin : self.at - 1]
        new = self.expression()
        end, self.at = self.at, begin
        self.assign(target, new)
        self.at = end
        return new

    def arrow(self):
        """A function as a value is not called; its body is passed over."""
        while self.take() != "=>":
            pass
        while self.at < len(self.tokens) and self.peek() not in (",", ")", ";", "}"):
            if self.peek() in ("(", "[", "{"):
                self.skip()
            else:
                self.take()
        return UNDEFINED

    def assign(self, target, new):
        holder, keys = self.names[target[0][1]], target[1:]
        if keys[0][1] == "[":
            inner = Script("", self.names)
            inner.tokens = keys[1:-1]
            holder[inner.expression()] = new
            return
        for _, key in keys[1:-2:2]:
            holder = holder[key]
        holder[keys[-1][1]] = new

    def disjunction(self):
        value = self.sum()
        while self.peek() in ("&&", "||", "===", "=="):
            sign = self.take()
            other = self.sum()
            if sign == "||":
                value = value or other
            elif sign == "&&":
                value = value and other
        return value

    def sum(self):
        value = self.postfix()
        while self.peek() == "+":
            self.take()
            other = self.postfix()
            if isinstance(value, str) or isinstance(other, str):
                value = f"{value}{other}"
            else:
                value += other
        return value

    def postfix(self):
        value = self.primary()
        while self.peek() in (".", "(", "["):
            sign = self.take()
            if sign == ".":
                value = self.member(value, self.take())
            elif sign == "[":
                value = self.member(value, self.expression())
                self.take("]")
            else:
                value = value(*self.arguments())
        return value

    def member(self, value, name):
        if isinstance(value, str) and name in ("repeat", "replace"):
            if name == "repeat":
                return lambda times: value * times
            return lambda old, new: value.replace(old, new, 1)
        if isinstance(value, list) or (isinstance(value, dict) and name in value):
            return value[name]
        return value if value is UNDEFINED else getattr(value, str(name), UNDEFINED)

    def arguments(self):
        """What stands between brackets; the opening one is taken."""
        values = []
        while self.peek() != ")":
            values.append(self.expression())
            if self.peek() == ",":
                self.take()
        self.take()
        return values

    def primary(self):
        kind, token = self.tokens[self.at]
        if kind == "string":
            self.take()
            return unquote(token)
        if kind == "number":
            self.take()
            return int(token)
        if token in ("await", "-", "!"):
            self.take()
            value = self.postfix()
            return -value if token == "-" else value
        if token == "new":
            self.take()
            return self.postfix()
        if token == "{":
            return self.object()
        if token == "[":
            self.take()
            values = []
            while self.peek() != "]":
                values.append(self.expression())
                if self.peek() == ",":
                    self.take()
            self.take()
            return values
        if token == "(":
            self.take()
            value = self.expression()
            self.take(")")
            return value
        self.take()
        if token in ("true", "false"):
            return token == "true"
        return None if token == "null" else self.names[token]

    def object(self):
        self.take("{")
        members = {}
        while self.peek() != "}":
            kind, token = self.tokens[self.at]
            self.take()
            key = unquote(token) if kind == "string" else token
            if self.peek() == ":":
                self.take()
                members[key] = self.expression()
            elif self.peek() == "(":
                self.skip()
                self.skip()
            else:
                members[key] = self.names[key]
            if self.peek() == ",":
                self.take()
        self.take()
        return members
