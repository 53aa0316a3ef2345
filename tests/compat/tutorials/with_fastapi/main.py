"""FastAPI's tutorial on CORS: a list of origins, with credentials.

Here: the middleware as the tutorial configures it, and a few pages behind it.
Not here: who asks (`../projects.py`), how it is served (`../serve.py`).
Spec: https://fastapi.tiangolo.com/tutorial/cors/
"""

from typing import Annotated

from fastapi import Cookie, FastAPI, Header, HTTPException, Response
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel

app = FastAPI()

origins = [
    "http://localhost.tiangolo.com",
    "https://localhost.tiangolo.com",
    "http://localhost",
    "http://localhost:8080",
]

app.add_middleware(
    CORSMiddleware,
    allow_origins=origins,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


class Item(BaseModel):
    name: str


@app.get("/")
async def read_root() -> dict[str, str]:
    return {"message": "welcome"}


@app.get("/api/items/")
async def read_items(response: Response) -> list[str]:
    response.headers["X-Total-Count"] = "2"
    return ["plum", "pear"]


@app.post("/api/items/", status_code=201)
async def create_item(item: Item) -> dict[str, str]:
    return {"created": item.name}


@app.put("/api/items/{number}")
async def replace_item(
    number: int, item: Item, x_requested_with: Annotated[str, Header()] = ""
) -> dict[str, str | int]:
    return {"number": number, "name": item.name, "with": x_requested_with}


@app.patch("/api/items/{number}")
async def change_item(number: int) -> dict[str, int]:
    return {"number": number}


@app.delete("/api/items/{number}", status_code=204)
async def delete_item(number: int) -> None:
    return None


@app.get("/api/visitor")
async def read_visitor(
    visitor: Annotated[str, Cookie()] = "",
    authorization: Annotated[str, Header()] = "",
) -> dict[str, str]:
    return {"cookie": visitor, "authorization": authorization}


@app.get("/api/closed")
async def read_closed() -> None:
    raise HTTPException(503, "closed")


@app.get("/api/broken")
async def read_broken() -> None:
    raise RuntimeError("broken on purpose")
