// @ts-check
/**
 * Signpost's widgets: a search box that answers as one types, and a list of related posts.
 *
 *     <script type="module" src="https://search.example/static/signpost.js"></script>
 *
 *     <signpost-search><form action="/search"><input name="q"></form></signpost-search>
 *     <signpost-related></signpost-related>
 *
 * <signpost-search> makes a combobox of the form inside it, which stays the way to the full
 * results and is what readers without JavaScript see; without one, it brings its own.
 *   endpoint     where Signpost answers; by default the origin this module came from
 *   limit        hits offered, 8
 *   debounce     milliseconds without a keystroke before asking, 120
 *   placeholder  what an empty box shows
 *   hotkey       the key that moves to the box, "/"; empty for none
 *
 * <signpost-related> lists what to read next. A list that the server put inside it stays as it is.
 *   endpoint     as above
 *   path         the post; by default the canonical link's path, else the page's own
 *   limit        posts listed, 5
 *   heading      "Related posts"; empty for none
 *
 * Events, which bubble and are composed:
 *   signpost-search  an answer is shown; detail: query, corrected, missing, total
 *   signpost-select  a post is about to open; detail: path, url, title, position (from 1), and
 *                    query for a hit; cancel it to open the post in your own way
 *
 * Looks: --signpost-font, -color, -muted, -background, -border (the box), -line (between hits),
 * -accent and -accent-color (the button), -active (the chosen hit), -mark and -mark-color
 * (matches), -focus, -radius, -panel-height. Parts: form, label, input, button, panel, note, results, option, title,
 * section, snippet, missing, all; heading, list, item, link, reason.
 */

/** @typedef {{kind: "term" | "mention" | "tag" | "category", value: string, contribution: number}} Reason */
/**
 * @typedef {object} RelatedPost
 * @property {string} path
 * @property {string} url
 * @property {string} title
 * @property {string | null} date
 * @property {string} rung
 * @property {Reason[]} reasons
 */
/**
 * @typedef {object} Hit
 * @property {string} path
 * @property {string} url
 * @property {string} title
 * @property {string} title_html
 * @property {{title: string, anchor: string}} section
 * @property {string} snippet_html
 * @property {string[]} missing
 */
/**
 * @typedef {object} SearchAnswer
 * @property {string} query
 * @property {string | null} corrected
 * @property {string[]} missing
 * @property {number} total
 * @property {Hit[]} hits
 * @property {RelatedPost[]} [nearest]
 */

/** Long enough for a slow line, short enough that the reader still waits for the answer. */
const TIMEOUT_MS = 8000;

/** Values named per kind of reason: as many as fit one line. */
const REASON_VALUES = 3;

const SHARED = {
  tag: "both tagged",
  category: "both in",
  term: "both about",
  mention: "both mention",
};
/** @type {Record<string, string>} */
const RUNGS = {
  series: "From the same series",
  pinned: "Picked by the author",
  similar: "Similar",
  category: "From the same category",
  popular: "Popular with readers",
  recent: "Recent",
};

/** Asks one Signpost server; a new question withdraws the one before it. */
export class SignpostClient {
  /** @type {AbortController | null} */
  #pending = null;

  /** @param {string} endpoint where Signpost answers; empty for the origin of this module */
  constructor(endpoint = "") {
    const origin = new URL(import.meta.url).origin;
    this.endpoint = endpoint
      ? new URL(endpoint, document.baseURI).href.replace(/\/+$/, "")
      : origin;
  }

  /**
   * @param {string} query what was typed so far; its last word may be unfinished
   * @param {number} limit
   * @returns {Promise<SearchAnswer | null>} null when a newer question or `cancel` overtook it
   */
  search(query, limit) {
    return this.#get("search", { q: query, prefix: "1", limit: String(limit) });
  }

  /**
   * @param {string} path a post's canonical path
   * @param {number} limit
   * @returns {Promise<{related: RelatedPost[]} | null>} null as for `search`
   */
  related(path, limit) {
    return this.#get("related", { path, limit: String(limit) });
  }

  /** Withdraws the question that is under way; its answer will be null. */
  cancel() {
    this.#pending?.abort();
    this.#pending = null;
  }

  /** @param {string} name @param {Record<string, string>} parameters @returns {Promise<any>} */
  async #get(name, parameters) {
    this.cancel();
    const controller = new AbortController();
    this.#pending = controller;
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    try {
      const url = `${this.endpoint}/api/v1/${name}?${new URLSearchParams(parameters)}`;
      const response = await fetch(url, { signal: controller.signal, credentials: "omit" });
      if (!response.ok) throw new Error(`Signpost answered with status ${response.status}.`);
      const answer = await response.json();
      return this.#pending === controller ? answer : null;
    } catch (error) {
      if (this.#pending !== controller) return null;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

export class SignpostSearch extends HTMLElement {
  /** @type {SignpostClient} */ #client;
  /** @type {HTMLFormElement} */ #form;
  /** @type {HTMLInputElement} */ #input;
  /** @type {AbortController | null} */ #connection = null;
  #panel = element("div", "panel", { hidden: "" });
  #results = element("div", "results", { id: "results", role: "listbox", "aria-label": "Results" });
  #status = element("div", "status", { role: "status" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #active = -1;
  #answered = "";

  connectedCallback() {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    whenParsed(() => this.#build());
    document.addEventListener("keydown", (event) => this.#onHotkey(event), { signal });
  }

  disconnectedCallback() {
    this.#connection?.abort();
    this.#close();
  }

  #build() {
    if (this.shadowRoot) return;
    this.#client = new SignpostClient(this.getAttribute("endpoint") ?? "");
    const plain = this.querySelector("form");
    const typed = plain && boxOf(plain);
    const selection = typed && typed === document.activeElement ? typed.selectionEnd : null;
    this.#form = plain ? /** @type {HTMLFormElement} */ (plain.cloneNode(true)) : this.#ownForm();
    const input = boxOf(this.#form);
    if (!input) return; // nothing to type into: left as it is
    this.#input = input;
    if (typed) input.value = typed.value;
    this.#dress();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [SHARED_STYLE, SEARCH_STYLE];
    this.#panel.append(this.#results);
    root.append(this.#form, this.#panel, this.#status);
    if (selection !== null) {
      input.focus({ preventScroll: true });
      input.setSelectionRange(selection, selection);
    }
    this.#listen(root);
  }

  #ownForm() {
    const form = element("form", "form", {
      action: `${this.#client.endpoint}/search`,
      role: "search",
    });
    form.append(
      element("input", "input", { type: "search", name: "q", "aria-label": "Search" }),
      element("button", "button", { type: "submit" }, "Search"),
    );
    return form;
  }

  /** Gives the form its parts, and its box the role of a combobox. */
  #dress() {
    this.#form.part.add("form");
    for (const label of this.#form.querySelectorAll("label")) label.part.add("label");
    for (const button of this.#form.querySelectorAll("button")) button.part.add("button");
    this.#input.part.add("input");
    const placeholder = this.getAttribute("placeholder") ?? this.#input.placeholder;
    setAttributes(this.#input, {
      role: "combobox",
      placeholder,
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "results",
    });
  }

  /** @param {ShadowRoot} root */
  #listen(root) {
    this.#input.addEventListener("input", () => this.#onInput());
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#form.addEventListener("submit", () => this.#close());
    this.#results.addEventListener("click", (event) => this.#onClick(event));
    root.addEventListener("focusout", (event) => {
      const next = /** @type {FocusEvent} */ (event).relatedTarget;
      if (!(next instanceof Node && root.contains(next))) this.#close();
    });
  }

  get #options() {
    return /** @type {HTMLAnchorElement[]} */ ([...this.#results.children]);
  }

  #onInput() {
    clearTimeout(this.#timer);
    if (this.#input.value.trim() === "") {
      this.#close();
      return;
    }
    this.#timer = setTimeout(() => this.#ask(), numberAttribute(this, "debounce", 120));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return;
    const isOpen = !this.#panel.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) this.#move(event.key === "ArrowDown" ? 1 : -1);
      else if (this.#input.value.trim() !== "") this.#ask();
    } else if (event.key === "Enter" && isOpen && this.#active >= 0) {
      event.preventDefault();
      this.#options[this.#active].click();
    } else if (event.key === "Escape" && (isOpen || this.#input.value !== "")) {
      event.preventDefault();
      if (!isOpen) this.#input.value = "";
      this.#close();
    }
  }

  /** @param {KeyboardEvent} event */
  #onHotkey(event) {
    const target = event.composedPath()[0];
    const isTyping =
      target instanceof HTMLElement &&
      (target.isContentEditable || target.matches("input, textarea, select"));
    const isModified = event.ctrlKey || event.metaKey || event.altKey;
    if (isTyping || isModified || event.defaultPrevented) return;
    if (event.key !== (this.getAttribute("hotkey") ?? "/") || !this.shadowRoot) return;
    if (document.querySelector("signpost-search") !== this) return;
    event.preventDefault();
    this.#input.focus();
    this.#input.select();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const option = /** @type {Element} */ (event.target).closest("[role=option]");
    if (!(option instanceof HTMLAnchorElement)) return;
    const { path, title } = option.dataset;
    if (path !== undefined) {
      const position = this.#options.indexOf(option) + 1;
      const detail = { path, url: option.href, title, position, query: this.#answered };
      if (!emit(this, "signpost-select", detail)) event.preventDefault();
    }
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) this.#close();
  }

  async #ask() {
    const query = this.#input.value.trimStart();
    this.#input.setAttribute("aria-busy", "true");
    try {
      const answer = await this.#client.search(query, numberAttribute(this, "limit", 8));
      if (answer) this.#show(query, answer);
    } catch {
      this.#show(query, null);
    }
  }

  /** @param {string} query @param {SearchAnswer | null} answer null when the server failed */
  #show(query, answer) {
    const notes = answer ? notesOf(query.trim(), answer) : ["Search is not answering right now."];
    const offers = answer ? [...answer.hits, ...(answer.nearest ?? [])] : [];
    const noted = answer ? answer.missing.join(", ") : "";
    const options = offers.map((offer, index) => optionOf(offer, index, noted));
    const isCut = answer !== null && answer.total > answer.hits.length;
    if (isCut) options.push(this.#allOption(answer.total, options.length));
    this.#results.replaceChildren(...options);
    this.#panel.replaceChildren(
      ...notes.map((note) => element("p", "note", {}, note)),
      this.#results,
    );
    this.#answered = query;
    this.#active = -1;
    this.#results.hidden = options.length === 0;
    this.#panel.hidden = false;
    this.#panel.scrollTop = 0;
    this.#input.removeAttribute("aria-busy");
    this.#input.removeAttribute("aria-activedescendant");
    this.#input.setAttribute("aria-expanded", String(options.length > 0));
    this.#status.textContent = [
      ...(answer && answer.total > 0 ? [tally(answer)] : []),
      ...notes,
    ].join(" ");
    if (answer) {
      const { corrected, missing, total } = answer;
      emit(this, "signpost-search", { query, corrected, missing, total });
    }
  }

  /** @param {number} total @param {number} index */
  #allOption(total, index) {
    const url = new URL(this.#form.getAttribute("action") ?? "", document.baseURI);
    for (const [name, value] of new FormData(this.#form)) url.searchParams.set(name, String(value));
    const text = `See all ${total.toLocaleString("en-US")} results`;
    return element("a", "option all", optionAttributes(index, url.href), text);
  }

  /** @param {1 | -1} step through the options and, between last and first, back to the box */
  #move(step) {
    const options = this.#options;
    if (options.length === 0) return;
    options[this.#active]?.setAttribute("aria-selected", "false");
    const places = options.length + 1;
    this.#active = ((this.#active + 1 + step + places) % places) - 1;
    const option = options[this.#active];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.#input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.#input.removeAttribute("aria-activedescendant");
    }
  }

  #close() {
    clearTimeout(this.#timer);
    this.#client?.cancel();
    this.#panel.hidden = true;
    this.#active = -1;
    this.#status.textContent = "";
    for (const name of ["aria-busy", "aria-activedescendant"]) this.#input?.removeAttribute(name);
    this.#input?.setAttribute("aria-expanded", "false");
  }
}

export class SignpostRelated extends HTMLElement {
  static observedAttributes = ["endpoint", "path", "limit", "heading"];

  /** @type {SignpostClient | null} */ #client = null; // null until the first list is asked for

  connectedCallback() {
    this.addEventListener("click", this.#onClick);
    whenParsed(() => this.#fill());
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#onClick);
    this.#client?.cancel();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#client) this.#fill();
  }

  async #fill() {
    if (this.childElementCount > 0) return; // the server's own list stays
    this.#client?.cancel();
    this.#client = new SignpostClient(this.getAttribute("endpoint") ?? "");
    const path = this.getAttribute("path") ?? ownPath();
    const answer = await this.#client
      .related(path, numberAttribute(this, "limit", 5))
      .catch(() => ({ related: [] }));
    if (answer) this.#show(answer.related);
  }

  /** @param {RelatedPost[]} related */
  #show(related) {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [SHARED_STYLE, RELATED_STYLE];
    root.replaceChildren();
    if (related.length === 0) return;
    const list = element("ol", "list");
    for (const post of related) {
      const item = element("li", "item");
      const link = element("a", "link", { href: hrefOf(post), "data-path": post.path }, post.title);
      const why = [whyRelated(post), ...(post.date ? [longDate(post.date)] : [])].join(" · ");
      item.append(link, element("p", "reason", {}, why));
      list.append(item);
    }
    const heading = this.getAttribute("heading") ?? "Related posts";
    if (heading) root.append(element("h2", "heading", {}, heading));
    root.append(list);
  }

  /** @param {MouseEvent} event */
  #onClick = (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!(link instanceof HTMLAnchorElement)) return;
    const links = [...(this.shadowRoot ?? this).querySelectorAll("li > a")];
    const path = link.dataset.path ?? decodedPath(link.pathname);
    const detail = {
      path,
      url: link.href,
      title: link.textContent,
      position: links.indexOf(link) + 1,
    };
    if (!emit(this, "signpost-select", detail)) event.preventDefault();
  };
}

/** Calls back once all children are there. @param {() => void} callback */
function whenParsed(callback) {
  if (document.readyState !== "loading") callback();
  else document.addEventListener("DOMContentLoaded", callback, { once: true });
}

/** @param {HTMLFormElement} form @returns {HTMLInputElement | null} */
function boxOf(form) {
  return form.querySelector("input[name=q]") ?? form.querySelector("input");
}

/** @param {string} query @param {SearchAnswer} answer @returns {string[]} */
function notesOf(query, answer) {
  const notes = [];
  if (answer.corrected) notes.push(`Showing results for “${answer.corrected}”.`);
  if (answer.total === 0) {
    const isNear = (answer.nearest ?? []).length > 0;
    notes.push(`Nothing found for “${query}”.${isNear ? " The nearest posts:" : ""}`);
  } else if (answer.missing.length > 0) {
    notes.push(`No post has all words; missing: ${answer.missing.join(", ")}.`);
  }
  return notes;
}

/** @param {SearchAnswer} answer */
function tally({ total, hits }) {
  const found = total === 1 ? "1 result" : `${total.toLocaleString("en-US")} results`;
  return total > hits.length ? `${found}, the first ${hits.length} listed.` : `${found}.`;
}

/**
 * What a hit is missing is told, unless it is just what a note above the list tells already.
 * @param {Hit | RelatedPost} offer @param {number} index @param {string} noted
 */
function optionOf(offer, index, noted) {
  const option = element("a", "option", {
    ...optionAttributes(index, hrefOf(offer)),
    "data-path": offer.path,
    "data-title": offer.title,
  });
  const title = element("span", "title");
  option.append(title);
  if ("title_html" in offer) {
    title.append(...markedText(offer.title_html));
    if (offer.section.title) option.append(element("span", "section", {}, offer.section.title));
    const snippet = element("span", "snippet");
    snippet.append(...markedText(offer.snippet_html));
    option.append(snippet);
    const missing = offer.missing.join(", ");
    if (missing !== noted) option.append(element("span", "missing", {}, `Missing: ${missing}`));
  } else {
    title.append(offer.title);
  }
  return option;
}

/** @param {number} index @param {string} href @returns {Record<string, string>} */
function optionAttributes(index, href) {
  return { id: `option-${index}`, role: "option", "aria-selected": "false", tabindex: "-1", href };
}

/** Why two posts are related, in words. @param {RelatedPost} post */
function whyRelated(post) {
  const kinds = new Set(post.reasons.map((reason) => reason.kind));
  const shared = [...kinds].map((kind) => {
    const values = post.reasons.filter((reason) => reason.kind === kind).map(({ value }) => value);
    return `${SHARED[kind]} ${inWords(values.slice(0, REASON_VALUES))}`;
  });
  if (post.rung !== "similar" || shared.length === 0) return RUNGS[post.rung] ?? "";
  const text = shared.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {string[]} values */
function inWords(values) {
  if (values.length < 3) return values.join(" and ");
  return `${values.slice(0, -1).join(", ")}, and ${values[values.length - 1]}`;
}

/** @param {string} iso */
function longDate(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return iso;
  return new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" }).format(day);
}

/** The server's escaped text as nodes. Only `<mark>` becomes one; all else stays text. @param {string} html */
function markedText(html) {
  return html.split(/<mark>(.*?)<\/mark>/s).map((piece, index) => {
    const text = piece.replace(/&(?:#(\d+)|#x([\da-f]+)|(amp|lt|gt|quot));/gi, decoded);
    return index % 2 === 1 ? element("mark", "", {}, text) : document.createTextNode(text);
  });
}

/** @param {string} entity @param {string} decimal @param {string} hex @param {string} name */
function decoded(entity, decimal, hex, name) {
  if (name) return { amp: "&", lt: "<", gt: ">", quot: '"' }[name.toLowerCase()] ?? entity;
  const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : entity;
}

/** Where a post opens: its url where that is http or https, else its path. @param {{url: string, path: string}} post */
function hrefOf({ url, path }) {
  try {
    const { protocol } = new URL(url, document.baseURI);
    return protocol === "http:" || protocol === "https:" ? url : path;
  } catch {
    return path;
  }
}

function ownPath() {
  const canonical = document.querySelector("link[rel=canonical]");
  const page =
    canonical instanceof HTMLLinkElement && canonical.href ? new URL(canonical.href) : location;
  return decodedPath(page.pathname);
}

/** @param {string} pathname @returns {string} as posts have it: decoded, without a slash at the end */
function decodedPath(pathname) {
  const bare = pathname.replace(/(.)\/+$/, "$1");
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}

/** @param {HTMLElement} host @param {string} name @param {number} fallback */
function numberAttribute(host, name, fallback) {
  const value = Number.parseInt(host.getAttribute(name) ?? "", 10);
  return value >= 0 ? value : fallback;
}

/** @param {HTMLElement} host @param {string} type @param {object} detail @returns {boolean} false when cancelled */
function emit(host, type, detail) {
  const isCancelable = type === "signpost-select";
  return host.dispatchEvent(
    new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: isCancelable }),
  );
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} part
 * @param {Record<string, string>} attributes
 * @param {string} text
 * @returns {HTMLElementTagNameMap[Name]}
 */
function element(name, part, attributes = {}, text = "") {
  const node = document.createElement(name);
  if (part) node.setAttribute("part", part);
  setAttributes(node, attributes);
  node.textContent = text;
  return node;
}

/** @param {Element} node @param {Record<string, string>} attributes */
function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

/** @param {string} css */
function styleSheet(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

const SHARED_STYLE = styleSheet(`
:host { display: block; min-width: 0; font-family: var(--signpost-font, inherit); color: var(--signpost-color, inherit); }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, ol { margin: 0; }
`);

const SEARCH_STYLE = styleSheet(`
:host {
  --background: var(--signpost-background, Canvas);
  --color: var(--signpost-color, CanvasText);
  --muted: var(--signpost-muted, color-mix(in srgb, var(--color) 72%, transparent));
  --border: var(--signpost-border, color-mix(in srgb, var(--color) 45%, transparent));
  --line: var(--signpost-line, color-mix(in srgb, var(--color) 15%, transparent));
  --active: var(--signpost-active, color-mix(in srgb, var(--color) 8%, transparent));
  --focus: var(--signpost-focus, Highlight);
  position: relative;
}
form {
  display: flex;
  border: 1px solid var(--border);
  border-radius: var(--signpost-radius, 4px);
  background: var(--background);
  color: var(--color);
}
form:focus-within { outline: 3px solid var(--focus); outline-offset: 1px; }
label, [part=status] {
  position: absolute; width: 1px; height: 1px; margin: -1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
input {
  flex: 1; min-width: 0; padding: 0.6em 0.8em; border: 0; outline: none; appearance: none;
  border-radius: inherit; background: transparent; color: inherit; font: inherit;
}
input::-webkit-search-cancel-button { filter: grayscale(1); opacity: 0.7; }
input::placeholder { color: var(--muted); opacity: 1; }
button {
  margin: 4px; padding: 0.6em 1.6em 0.6em 1.1em; border: 0; cursor: pointer;
  font: inherit; font-weight: 600; line-height: inherit;
  background: var(--signpost-accent, #ffcb1f); color: var(--signpost-accent-color, #231b00);
  clip-path: polygon(0 0, calc(100% - 0.8em) 0, 100% 50%, calc(100% - 0.8em) 100%, 0 100%);
}
button:hover { text-decoration: underline; text-underline-offset: 0.18em; }
button:focus-visible { outline: 2px solid currentColor; outline-offset: -5px; }
[part=panel] {
  position: absolute; z-index: 20; inset: calc(100% + 6px) 0 auto;
  max-height: var(--signpost-panel-height, min(34rem, 75vh)); overflow-y: auto;
  border: 1px solid var(--border); border-radius: var(--signpost-radius, 4px);
  background: var(--background); color: var(--color);
  box-shadow: 0 12px 40px rgb(0 0 0 / 22%);
  font-size: 1rem; line-height: 1.45; text-align: start;
}
[part=note] { padding: 0.65em 1em; color: var(--muted); font-size: 0.92em; }
[part=note] + [part=note] { padding-top: 0; }
[role=option] {
  display: block; padding: 0.7em 1em; border-top: 1px solid var(--line);
  color: inherit; text-decoration: none; overflow-wrap: anywhere; scroll-margin: 4px;
}
[role=option]:first-child { border-top-color: transparent; }
[part=note] + [part=results] > :first-child { border-top-color: var(--line); }
[role=option]:hover { background: var(--active); }
[role=option][aria-selected=true] {
  background: var(--active); box-shadow: inset 5px 0 var(--signpost-accent, #ffcb1f);
}
[part=title] { display: block; font-weight: 600; }
[part=section] { display: block; color: var(--muted); font-size: 0.88em; }
[part=missing] { display: block; color: var(--muted); font-size: 0.8em; }
[part=section]::before { content: "↳ " / ""; }
[part=snippet] {
  display: -webkit-box; overflow: hidden; color: var(--muted); font-size: 0.88em;
  -webkit-box-orient: vertical; -webkit-line-clamp: 2; line-clamp: 2;
}
[part~=all] { font-size: 0.92em; font-weight: 600; }
mark {
  border-radius: 2px;
  background: var(--signpost-mark, #ffe48a); color: var(--signpost-mark-color, inherit);
}
@media (forced-colors: active) {
  [role=option][aria-selected=true] { outline: 2px solid Highlight; outline-offset: -2px; }
  button { clip-path: none; border: 1px solid; }
}
`);

const RELATED_STYLE = styleSheet(`
[part=list] { padding: 0; list-style: none; }
[part=item] { padding-block: 0.45em; }
[part=link] { font-weight: 600; }
[part=reason] { color: var(--signpost-muted, inherit); font-size: 0.9em; }
`);

if (!customElements.get("signpost-search"))
  customElements.define("signpost-search", SignpostSearch);
if (!customElements.get("signpost-related"))
  customElements.define("signpost-related", SignpostRelated);
