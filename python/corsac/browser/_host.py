"""Hosts of URLs: names in ASCII, IPv4 and IPv6 addresses.

Here: `parse_host`. Not here: the rest of a URL (`_url.py`).
Spec: https://url.spec.whatwg.org/#host-parsing
"""

from __future__ import annotations

from typing import Final

#: https://url.spec.whatwg.org/#forbidden-domain-code-point
_FORBIDDEN: Final = frozenset(map(chr, range(0x21))) | frozenset("#/:<>?@[\\]^|%\x7f")


def parse_host(text: str) -> str | None:
    """The host as browsers write it, or None. https://url.spec.whatwg.org/#concept-host-parser"""
    if text.startswith("["):
        return _parse_ipv6(text[1:-1]) if text.endswith("]") else None
    if "%" in text:
        text = _percent_decode(text)
    host = text.lower() if text.isascii() else _to_ascii(text)
    if not host or not _FORBIDDEN.isdisjoint(host):
        return None
    if _ends_in_a_number(host):
        return _parse_ipv4(host)
    return host


def _percent_decode(text: str) -> str:
    """https://url.spec.whatwg.org/#string-percent-decode"""
    raw = text.encode("utf-8", "replace")
    decoded, index = bytearray(), 0
    while index < len(raw):
        digits = raw[index + 1 : index + 3]
        if raw[index] == 0x25 and len(digits) == 2 and _is_hexadecimal(digits):
            decoded.append(int(digits, 16))
            index += 3
        else:
            decoded.append(raw[index])
            index += 1
    return decoded.decode("utf-8", "replace")


def _is_hexadecimal(digits: bytes) -> bool:
    return all(byte in b"0123456789abcdefABCDEF" for byte in digits)


def _to_ascii(text: str) -> str:
    """https://url.spec.whatwg.org/#concept-domain-to-ascii

    Deviation: Python's table is IDNA 2003, and maps four letters (ß, ς and two joiners) that
    browsers keep; empty where it refuses.
    """
    try:
        return text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _ends_in_a_number(host: str) -> bool:
    """https://url.spec.whatwg.org/#ends-in-a-number-checker"""
    parts = host.split(".")
    if parts[-1] == "" and len(parts) > 1:
        parts.pop()
    last = parts[-1]
    return bool(last) and (last.isdecimal() or _parse_ipv4_number(last) is not None)


def _parse_ipv4_number(text: str) -> int | None:
    """https://url.spec.whatwg.org/#ipv4-number-parser"""
    if not text or not text.isalnum() or len(text) > 64:
        return None
    base = 10
    if text[:2] in ("0x", "0X"):
        text, base = text[2:], 16
    elif len(text) > 1 and text[0] == "0":
        text, base = text[1:], 8
    try:
        return int(text, base) if text else 0
    except ValueError:
        return None


def _parse_ipv4(host: str) -> str | None:
    """https://url.spec.whatwg.org/#concept-ipv4-parser"""
    parts = host.split(".")
    if parts[-1] == "" and len(parts) > 1:
        parts.pop()
    numbers = [_parse_ipv4_number(part) for part in parts]
    if len(numbers) > 4:
        return None
    address = 0
    for index, number in enumerate(numbers):
        last = index == len(numbers) - 1
        if number is None or number >= (256 ** (5 - len(numbers)) if last else 256):
            return None
        address += number if last else number * 256 ** (3 - index)
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))


def _parse_ipv6(text: str) -> str | None:
    """https://url.spec.whatwg.org/#concept-ipv6-parser"""
    head, double, tail = text.partition("::")
    left, right = _parse_pieces(head), _parse_pieces(tail)
    if left is None or right is None or "." in head and double:
        return None
    if double:
        missing = 8 - len(left) - len(right)
        if missing < 1:
            return None
        pieces = left + [0] * missing + right
    else:
        pieces = left
    return f"[{_serialize_pieces(pieces)}]" if len(pieces) == 8 else None


def _parse_pieces(text: str) -> list[int] | None:
    """The 16-bit pieces between colons; the last may be an IPv4 address."""
    pieces: list[int] = []
    parts = text.split(":") if text else []
    for index, part in enumerate(parts):
        if "." in part and index == len(parts) - 1:
            octets = part.split(".")
            plain = all(
                o.isascii() and o.isdecimal() and str(int(o)) == o for o in octets
            )
            if len(octets) != 4 or not plain or any(int(o) > 255 for o in octets):
                return None
            numbers = [int(o) for o in octets]
            pieces += [numbers[0] * 256 + numbers[1], numbers[2] * 256 + numbers[3]]
        elif 1 <= len(part) <= 4 and part.isascii() and _is_hexadecimal(part.encode()):
            pieces.append(int(part, 16))
        else:
            return None
    return pieces


def _serialize_pieces(pieces: list[int]) -> str:
    """https://url.spec.whatwg.org/#concept-ipv6-serializer"""
    start, longest = 0, 0
    index = 0
    while index < 8:
        end = index
        while end < 8 and pieces[end] == 0:
            end += 1
        if end - index > longest:
            start, longest = index, end - index
        index = max(end, index + 1)
    words = [f"{piece:x}" for piece in pieces]
    if longest < 2:
        return ":".join(words)
    return ":".join(words[:start]) + "::" + ":".join(words[start + longest :])
