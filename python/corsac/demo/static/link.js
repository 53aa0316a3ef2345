// The address of what the form holds: in the fragment, so that a link is a state and the way back is one too.
// Here: state to fragment and back. Not here: when the address changes (page.js).

/** Origins differ from machine to machine, so a link says which one it means, and not how it is called here. */
function spelled(text, names, from, to) {
  let said = text;
  for (const [name, origin] of Object.entries(names)) {
    const [before, after] = from === "origin" ? [origin, name] : [name, origin];
    // An origin goes on where a letter, a digit, a dot or a colon does.
    const whole = new RegExp(before.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + (from === "origin" ? "(?![\\w.:-])" : ""), "g");
    said = said.replace(whole, () => after);
  }
  return said;
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** What of the state counts: the other kind of server's fields do not. */
function counting(state, demo) {
  const idle = new Set(state.server === "policy" ? demo.fixedFields : demo.policyFields);
  return Object.keys(demo.defaults).filter((field) => !idle.has(field));
}

/** The example that this state is, or undefined. */
export function exampleOf(state, demo) {
  return demo.examples.find((example) =>
    counting(state, demo).every((field) => same(state[field], example.state[field])),
  );
}

/** The fragment of a state, without its "#": an example's name, or the fields that differ from their defaults. */
export function fragmentOf(state, demo) {
  const example = exampleOf(state, demo);
  if (example) return example.name;
  const said = new URLSearchParams({ server: state.server });
  for (const field of counting(state, demo)) {
    if (field === "server" || same(state[field], demo.defaults[field])) continue;
    const values = Array.isArray(state[field]) ? state[field] : [state[field]];
    // An empty list is said by one empty value.
    for (const value of values.length ? values : [""]) said.append(field, spelled(String(value), demo.names, "origin"));
  }
  return said.toString();
}

/** The state that a fragment says; null where it says none. */
export function stateOf(fragment, demo) {
  if (!fragment.includes("=")) {
    const example = demo.examples.find(({ name }) => name === fragment);
    return example ? structuredClone(example.state) : null;
  }
  const said = new URLSearchParams(fragment);
  const state = structuredClone(demo.defaults);
  for (const [field, usual] of Object.entries(demo.defaults)) {
    const values = said.getAll(field).map((value) => spelled(value, demo.names, "name"));
    if (values.length === 0) continue;
    if (Array.isArray(usual)) state[field] = values.filter(Boolean);
    else if (typeof usual === "boolean") state[field] = values[0] === "true";
    else if (!(field in demo.choices) || values[0] in demo.choices[field]) state[field] = values[0];
  }
  return state;
}
