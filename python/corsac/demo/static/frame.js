// The frame's part: runs an example's script from this frame's origin, and tells the page what came of it.
// A classic script, not a module: a module would itself be fetched with CORS, and this origin is nobody's.
"use strict";

document.querySelector("#origin").textContent = self.origin;

addEventListener("message", async (event) => {
  if (event.source !== parent) return;
  const { turn, name, url } = event.data;
  let answer;
  try {
    answer = { value: await corsacScripts[name](url) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` };
  }
  parent.postMessage({ turn, answer }, event.origin);
});

parent.postMessage({ ready: true }, "*");
