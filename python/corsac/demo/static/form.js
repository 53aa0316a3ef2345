// The form: what stands in its fields, which of them apply, and what is wrong with each.
// Here: state to fields and back, problems at their fields. Not here: judging a value; the server does.

import { element } from "/code.js";

const SEPARATE = /\r?\n/;

export class Form {
  #known = ""; // what the fields held when they were last looked at

  /** `changed` is called after each edit. */
  constructor(form, demo, changed) {
    this.form = form;
    this.demo = demo;
    for (const [field, choices] of Object.entries(demo.choices)) {
      const select = form.elements[field];
      if (!(select instanceof HTMLSelectElement)) continue;
      select.append(...Object.entries(choices).map(([value, label]) => new Option(label, value)));
    }
    for (const field of Object.keys(demo.defaults)) this.#prepare(field);
    // Both, since what fills a form for somebody may fire only the second.
    for (const kind of ["input", "change"]) {
      form.addEventListener(kind, (event) => {
        if (JSON.stringify(this.read()) === this.#known) return;
        if (event.target.name === "kind") this.#suit();
        if (event.target.name === "mode") this.#fit("credentials", this.#possible()[this.form.elements.mode.value]);
        this.#apply();
        changed();
      });
    }
  }

  /** A place for problems under each field, and the wiring that lets a screen reader find it. */
  #prepare(field) {
    const control = this.control(field);
    const problems = element("ul", { className: "field-problems", id: `problems-${field}`, hidden: true });
    const hint = control.closest(".field").querySelector(".hint");
    control.closest(".field").append(problems);
    if (hint) hint.id = `hint-${field}`;
    control.setAttribute("aria-describedby", hint ? `${hint.id} ${problems.id}` : problems.id);
  }

  /** The element of a field; of a group of radio buttons the first. */
  control(field) {
    const found = this.form.elements[field];
    return found instanceof RadioNodeList ? found[0] : found;
  }

  read() {
    return Object.fromEntries(
      Object.entries(this.demo.defaults).map(([field, usual]) => {
        const { value, checked } = this.form.elements[field];
        if (typeof usual === "boolean") return [field, checked];
        if (Array.isArray(usual)) return [field, value.split(SEPARATE).map((line) => line.trim()).filter(Boolean)];
        return [field, value.trim()];
      }),
    );
  }

  write(state) {
    for (const [field, value] of Object.entries(state)) {
      const control = this.form.elements[field];
      if (typeof value === "boolean") control.checked = value;
      else control.value = Array.isArray(value) ? value.join("\n") : value;
      if (control instanceof HTMLTextAreaElement) control.rows = Math.max(2, value.length);
    }
    for (const more of this.form.querySelectorAll("details.more")) {
      more.open = [...more.querySelectorAll("[name]")].some(({ name }) => state[name] !== this.demo.defaults[name]);
    }
    this.#apply();
  }

  #possible() {
    return this.demo.possible[this.form.elements.kind.value];
  }

  /** Another kind: its own path, and a mode and credentials that it can have. */
  #suit() {
    const { kind, path } = this.form.elements;
    const own = new Set(Object.values(this.demo.paths));
    if (this.demo.paths[kind.value]) path.value = this.demo.paths[kind.value];
    else if (own.has(path.value)) path.value = this.demo.defaults.path;
    this.#fit("mode", Object.keys(this.#possible()));
    this.#fit("credentials", this.#possible()[this.form.elements.mode.value]);
  }

  #fit(field, values) {
    const control = this.form.elements[field];
    if (!values.includes(control.value)) control.value = values[0];
  }

  /** Shows the fields that count, and offers the choices that there are. */
  #apply() {
    const { kind, server, mode } = this.form.elements;
    const possible = this.#possible();
    const offered = { mode: Object.keys(possible), credentials: possible[mode.value] ?? [] };
    for (const [field, values] of Object.entries(offered)) {
      for (const option of this.form.elements[field].options) option.disabled = !values.includes(option.value);
    }
    for (const part of this.form.querySelectorAll("[data-kinds]")) {
      part.hidden = !part.dataset.kinds.split(" ").includes(kind.value);
    }
    for (const part of this.form.querySelectorAll("[data-server]")) part.hidden = part.dataset.server !== server.value;
    this.#known = JSON.stringify(this.read());
  }

  /** Marks the fields that an example turns on. */
  mark(fields) {
    for (const field of Object.keys(this.demo.defaults)) {
      this.control(field).closest(".field").classList.toggle("pivot", fields.includes(field));
    }
  }

  /** Each problem under its field. */
  show(problems) {
    for (const field of Object.keys(this.demo.defaults)) {
      const list = this.form.querySelector(`#problems-${field}`);
      const own = problems.filter((problem) => problem.field === field);
      list.hidden = own.length === 0;
      list.replaceChildren(...own.map((problem) => element("li", {}, ...this.#sentence(problem))));
      this.control(field).toggleAttribute("aria-invalid", own.length > 0);
      if (own.length) this.control(field).setAttribute("aria-invalid", "true");
    }
    for (const more of this.form.querySelectorAll("details.more")) {
      if (more.querySelector("[aria-invalid]")) more.open = true;
    }
  }

  #sentence({ field, index, message, code }) {
    const line = index === null ? "" : this.read()[field][index];
    const place = line ? [element("code", {}, line), ": "] : [];
    return [...place, message, ...(code ? [" ", element("code", { className: "problem-code" }, code)] : [])];
  }

  /** Brings whoever typed to what is wrong. */
  focusProblem() {
    this.form.querySelector("[aria-invalid]")?.focus();
  }
}
