"""What servers send as bodies: the smallest thing of each kind that a browser takes.

Here: `BODIES`, from a name to the Content-Type and the bytes. Not here: which row gets which.
Spec: https://mimesniff.spec.whatwg.org/
"""

import base64
import zlib

#: An OpenType font of one empty glyph.
_FONT = zlib.decompress(
    base64.b85decode(
        "c-muNWME+6VrXDsW>D}C);DrhaGA-#z^DNfO-Rm7EMVYam;&Ta0P;=Jb1KuaCu<u4`DcK9jf~X96"
        "x}OLbAaqMKx~!)6ku*++6QDm0b-Sm+>#2$FF+OpV+W96%gIkpWDo(`#=v+4#LrEvC}3b=U<L9yfP"
        "96##N1Sda*hljAEZmEAiuZ-=q?~&k^spwfZPhicOn*Cj_0@e%D~J5l4N+UtFQo>W=H`-2B1zR1_%"
        "J^VOIEW0WlZomlUu`$bb<n!UWU<kzry$2h5CLfI3+jSQrQc6w~d207yA9I5I1M4N_n@fu>#o>SG4"
        "D-5_6!KwTpOv=gM01qeZW$N&E!<o^S3o4A0gVD^H14>ZHj*fb>tyBNq0IgsfroIrVqeIPay7<w@T"
        "L0y0c007p)J(>"
    )
)

BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": ("", b""),
    "text": ("text/plain", b"hello"),
    "json": ("application/json", b"{}"),
    "image": (
        "image/svg+xml",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    ),
    "script": ("text/javascript", b"self.loaded = 1;"),
    "stylesheet": ("text/css", b"a { color: red }"),
    "font": ("font/ttf", _FONT),
    "events": ("text/event-stream", b"retry: 100000\ndata: hello\n\n"),
    "track": ("text/vtt", b"WEBVTT\n\n"),
}
