// @ts-check
/**
 * Tries the API from its page: sends what a form says and shows what comes back, as text.
 *
 * Fields that are left empty are not sent. Without this module the forms of GET requests still work.
 */

const SHOWN_HEADERS = ["content-type", "cache-control", "etag", "retry-after", "x-request-id"];

const LONGEST_SHOWN = 200_000;

for (const form of document.querySelectorAll("form[data-operation]")) {
  prepare(/** @type {HTMLFormElement} */ (form));
}
openLinked();
addEventListener("hashchange", openLinked);

/** @param {HTMLFormElement} form */
function prepare(form) {
  for (const button of form.querySelectorAll("[data-another]")) {
    const another = /** @type {HTMLButtonElement} */ (button);
    another.hidden = false;
    another.addEventListener("click", () => addField(another));
  }
  const type = form.querySelector("[data-type]");
  const body = form.querySelector("[data-body]");
  if (type instanceof HTMLSelectElement && body instanceof HTMLTextAreaElement) {
    type.addEventListener("change", () => {
      body.value = type.selectedOptions[0].dataset.example ?? "";
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form);
  });
}

/**
 * Puts one more empty field before the button.
 * @param {HTMLButtonElement} button
 */
function addField(button) {
  const last = /** @type {HTMLInputElement} */ (button.previousElementSibling);
  const field = /** @type {HTMLInputElement} */ (last.cloneNode());
  field.removeAttribute("id");
  field.setAttribute("aria-label", `${field.name}, another`);
  field.value = "";
  button.before(field);
  field.focus();
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (value) url.searchParams.append(name, String(value));
  }
  /** @type {RequestInit} */
  const request = { method: form.method.toUpperCase(), cache: "no-store" };
  const type = form.querySelector("[data-type]");
  const body = form.querySelector("[data-body]");
  if (type instanceof HTMLSelectElement && body instanceof HTMLTextAreaElement) {
    request.headers = { "Content-Type": type.value };
    request.body = body.value;
  }
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
  button.disabled = true;
  const begun = performance.now();
  try {
    const response = await fetch(url, request);
    const text = await response.text();
    const took = performance.now() - begun;
    show(form, `${request.method} ${url}`, {
      status: `${response.status} ${response.statusText}, in ${took.toFixed(1)} ms`,
      headers: SHOWN_HEADERS.filter((name) => response.headers.has(name))
        .map((name) => `${name}: ${response.headers.get(name)}`)
        .join("\n"),
      text: pretty(text),
    });
  } catch {
    const status = "The service could not be reached.";
    show(form, `${request.method} ${url}`, { status, headers: "", text: "" });
  } finally {
    button.disabled = false;
    button.focus();
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} address
 * @param {{ status: string, headers: string, text: string }} answer
 */
function show(form, address, answer) {
  const place = /** @type {HTMLElement} */ (form.parentElement?.querySelector("[data-answer]"));
  place.hidden = false;
  const texts = { "[data-address]": address, "[data-status]": answer.status,
    "[data-headers]": answer.headers, "[data-text]": answer.text };
  for (const [selector, text] of Object.entries(texts)) {
    const part = /** @type {HTMLElement} */ (place.querySelector(selector));
    part.textContent = text;
    part.hidden = !text;
  }
}

/**
 * JSON with a line for each member, anything else as it is; cut where nobody would read on.
 * @param {string} text
 */
function pretty(text) {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // it is no JSON
  }
  return shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}…` : shown;
}

/** Opens the operation that the address names, such as #search. */
function openLinked() {
  const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (linked instanceof HTMLDetailsElement) linked.open = true;
}
