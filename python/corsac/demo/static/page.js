// The page: holds together the form, the prediction, the run and the address.
// Here: what happens when. Not here: how each of them works; they have files of their own.

import { Examples } from "/examples.js";
import { Form } from "/form.js";
import { exampleOf, fragmentOf, stateOf } from "/link.js";
import { Outcome } from "/outcome.js";
import { Skipped, Stage, Unanswered, engine, predict } from "/perform.js";

const PAUSE = 200; // milliseconds without a key before an edit is predicted
const part = (selector) => document.querySelector(selector);
const mark = document.documentElement.dataset; // what tests and styles can see

const demo = await (await fetch("/demo.json")).json();
const own = engine();
const examples = new Examples(demo, part("#index"));
const stage = new Stage(demo, part("#frames"));
const outcome = new Outcome(own);
const form = new Form(part("#form"), demo, edited);
let pause;
let asked = 0; // so that a late answer never replaces a later one
let sealed = true; // whether the next edit begins a new entry of the history

function tell(sentence, wrong = false) {
  part("#summary").textContent = sentence;
  part("#summary").dataset.unexpected = wrong;
}

function fail(error) {
  if (!(error instanceof Unanswered)) throw error;
  tell(error.message, true);
}

// Showing

function describe(state) {
  const example = exampleOf(state, demo);
  examples.describe(example, part("#about"));
  examples.current(example?.name);
  form.mark(example?.depends_on ?? []);
  document.title = `${example?.title ?? "Your own"} · corsac demo`;
  return example;
}

function show(said, state) {
  form.show(said.problems);
  const general = said.problems.filter(({ field }) => field === "");
  part("#general-problem").hidden = general.length === 0;
  part("#general-problem").textContent = general.map(({ message }) => message).join(" ");
  outcome.predicted(said, state);
  part("#run").setAttribute("aria-disabled", said.problems.length > 0);
}

// Editing

function edited() {
  outcome.stale("The form has changed since. Run it to see what this browser does.");
  mark.predicted = "false";
  asked += 1; // what is under way belongs to what stood there before
  clearTimeout(pause);
  pause = setTimeout(foresee, PAUSE);
}

async function foresee() {
  const state = form.read();
  const turn = (asked += 1);
  keepAddress(state);
  describe(state);
  try {
    const said = await predict(state);
    if (turn !== asked) return;
    show(said, state);
    mark.predicted = "true";
  } catch (error) {
    fail(error);
  }
}

function keepAddress(state) {
  const address = `#${fragmentOf(state, demo)}`;
  if (address === location.hash) return;
  history[sealed ? "pushState" : "replaceState"](null, "", address);
  sealed = false;
}

// Running

async function run() {
  clearTimeout(pause);
  const state = form.read();
  const turn = (asked += 1);
  keepAddress(state);
  sealed = true;
  const example = describe(state);
  const button = part("#run");
  button.disabled = true;
  mark.ran = "false";
  try {
    const happened = await stage.perform(state);
    if (turn !== asked) return;
    show(happened.said, state);
    mark.predicted = "true";
    if (!happened.observed) {
      tell(`Not run: ${happened.said.problems.length} of the form’s values cannot be.`, true);
      form.focusProblem();
      return;
    }
    const found = outcome.saw(happened);
    if (example) examples.judge(example, own, happened);
    const many = found.sentences.length;
    const outcomes = { true: "Readable", false: "Not readable", null: "Loaded" };
    const seen = outcomes[happened.observed.at(-1).readable];
    tell(many ? `${seen}, and ${many} thing${many > 1 ? "s differ" : " differs"} from the prediction.` : `${seen}, as predicted.`, many > 0);
    for (const frame of part("#frames").children) frame.hidden = frame.dataset.sender !== state.sender;
  } catch (error) {
    if (error instanceof Skipped) outcome.stale(error.message);
    else fail(error);
  } finally {
    button.disabled = false;
    mark.ran = "true";
  }
}

async function runAll() {
  const button = part("#run-all");
  button.disabled = true;
  mark.ranAll = "false";
  try {
    const { sentence, unexpected } = await examples.runAll(own, stage);
    tell(sentence, unexpected > 0);
  } catch (error) {
    fail(error);
  } finally {
    button.disabled = false;
    mark.ranAll = "true";
  }
}

/** Takes the state that the address says, and runs it. */
async function visit() {
  const state = stateOf(location.hash.slice(1), demo) ?? structuredClone(demo.examples[0].state);
  sealed = true;
  form.write(state);
  await run();
}

// Copying

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    tell(said);
  } catch {
    // Beyond this machine plain http has no clipboard.
    const field = part("#link");
    field.hidden = false;
    field.value = text;
    field.focus();
    field.select();
    tell("Press Ctrl+C to copy what is selected.");
  }
}

// Wiring

// Beside the rest there is room for the list; above it, it would hide the rest.
part("#examples").open = matchMedia("(min-width: 72rem)").matches;
part("#page-origin").textContent = location.origin;
part("#api-origin").textContent = demo.names["{api}"];
part("#browser").value = own;
part("#browser").addEventListener("change", (event) => outcome.choose(event.target.value));
part("#form").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
part("#form").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) part("#form").requestSubmit();
});
part("#run-all").addEventListener("click", runAll);
part("#copy-link").addEventListener("click", () => copy(location.href, "The link is on the clipboard."));
for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", () => copy(part(button.dataset.copies).textContent.trimEnd(), "It is on the clipboard."));
}
for (const skip of document.querySelectorAll(".skip")) {
  // Not by the fragment, which holds the state.
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    part(skip.dataset.target).focus();
  });
}
addEventListener("hashchange", visit);
await visit();
