/**
 * <signpost-search> answers as one types, <signpost-related> lists what to read next. The guide has
 * their attributes, events and parts.
 */

const SLOW_MS = 1000;
const TIMEOUT_MS = 8000;
const STYLE_TIMEOUT_MS = 3000;
const REASON_VALUES = 3;
const FACET_VALUES = 6;
const CONTEXT_WORDS = 3; // they tell a match from others of the same post
const RECENT_KEY = "signpost-recent";
const LANGUAGES = ["de", "es", "fr", "ja", "pt", "zh"];

/** Each facet, and the parameter that narrows by it, here and on the results page. */
const FACETS = { tags: "tag", categories: "category", authors: "author", year: "year" };

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'" };

/** All that is shown or read out: a text, or one for each plural category of {count}. */
export const ENGLISH = {
  search: "Search",
  close: "Close",
  results: "Results",
  found: { one: "{count} result.", other: "{count} results." },
  found_first: "{count} results, the first {shown} listed.",
  all: "See all {count} results",
  page: "Open the results page",
  corrected: "Showing results for “{query}”.",
  instead: "Search instead for “{query}”",
  nothing: "Nothing found for “{query}”.",
  nearest: "Nearest posts",
  lacking: "No post has all words; missing: {words}.",
  missing: "Missing: {words}",
  slow: "Search is slow to answer.",
  failed: "Search is not answering right now.",
  submit: "Enter opens the results page.",
  recent: "Recent searches",
  clear: "Clear",
  filter: "Filter",
  filtered: "Filtered by {words}.",
  remove: "Remove filter {value}",
  posts: { one: "{count} post", other: "{count} posts" },
  tags: "Tags",
  categories: "Categories",
  authors: "Authors",
  year: "Years",
  separator: ", ",
  related: "Related posts",
  both_tag: "both tagged {words}",
  both_category: "both in {words}",
  both_term: "both about {words}",
  both_mention: "both mention {words}",
  from_series: "From the same series",
  from_pinned: "Picked by the author",
  from_similar: "Similar",
  from_category: "From the same category",
  from_popular: "Popular with readers",
  from_recent: "Recent",
};

/** Labels, and how their language writes numbers, dates and lists. */
class Wording {
  constructor(labels, language) {
    this.labels = labels;
    this.language = language;
    this.plural = new Intl.PluralRules(language);
    this.and = new Intl.ListFormat(language);
  }

  static async of(host) {
    const own = ownLabels(host);
    const language = host.closest("[lang]")?.lang ?? "";
    const [code] = language.toLowerCase().split("-");
    const isShipped = LANGUAGES.includes(code);
    const shipped = isShipped && (await import(`./signpost.${code}.js`).catch(() => null))?.default;
    const labels = { ...ENGLISH, ...shipped, ...own };
    const isSpoken = own || shipped || code === "en"; // English sentences have English numbers
    try {
      return new Wording(labels, isSpoken ? language : "en");
    } catch {
      return new Wording(labels, "en");
    }
  }

  say(name, values = {}) {
    const label = this.labels[name] ?? "";
    const text = label.other ? (label[this.plural.select(values.count)] ?? label.other) : label;
    return String(text).replace(/\{(\w+)\}/g, (_, key) => {
      const value = values[key] ?? "";
      return typeof value === "number" ? value.toLocaleString(this.language) : value;
    });
  }

  listed(words) {
    return words.join(this.say("separator"));
  }

  date(iso) {
    const format = { dateStyle: "long", timeZone: "UTC" };
    return new Date(iso).toLocaleDateString(this.language, format);
  }

  why({ rung, reasons }) {
    const kinds = [...new Set(reasons.map(({ kind }) => kind))];
    const shared = kinds.map((kind) => {
      const values = reasons.filter((reason) => reason.kind === kind).map(({ value }) => value);
      return this.say(`both_${kind}`, { words: this.and.format(values.slice(0, REASON_VALUES)) });
    });
    const isSimilar = rung === "similar" && shared.length > 0;
    const text = isSimilar ? this.listed(shared) : this.say(`from_${rung}`);
    return capitalized(text);
  }
}

/** Asks a server one question at a time. */
class Client {
  #pending = null;

  constructor(host) {
    const endpoint = host.getAttribute("endpoint");
    this.endpoint = endpoint
      ? new URL(endpoint, document.baseURI).href.replace(/\/+$/, "")
      : new URL(import.meta.url).origin;
  }

  ask(name, parameters) {
    return this.load(`${this.endpoint}/api/v1/${name}?${new URLSearchParams(parameters)}`);
  }

  /** JSON; null when overtaken or cancelled. */
  async load(url) {
    this.cancel();
    const controller = new AbortController();
    this.#pending = controller;
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(url, { signal: controller.signal, credentials: "omit" });
      if (!response.ok) throw new Error(response.statusText);
      const answer = await response.json();
      return this.#pending === controller ? answer : null;
    } catch (error) {
      if (this.#pending !== controller) return null;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  cancel() {
    this.#pending?.abort();
    this.#pending = null;
  }
}

export class SignpostSearch extends HTMLElement {
  #client;
  #words;
  #root;
  #form;
  #input;
  #dialog;
  #panel = element("div", "panel", { hidden: "" });
  #chosen = element("div", "chosen", { hidden: "" });
  #facets = element("details", "facets", { hidden: "" });
  #groups = element("div", "groups");
  #notes = element("div", "notes");
  #heading = element("div", "heading");
  #results = element("div", "results", { id: "results", role: "listbox" });
  #all = element("a", "all");
  #status = element("div", "status", { role: "status" });
  #typing;
  #waiting;
  #active = -1;
  #answered = "";
  #isFilling = false;

  connectedCallback() {
    document.addEventListener("keydown", this.#onHotkey);
    this.#build();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#onHotkey);
    if (this.#root) this.#leave();
  }

  /** Moves to the box. */
  open() {
    if (!this.#root) return boxOf(this.querySelector("form"))?.focus();
    if (this.#dialog && !this.#dialog.open) {
      this.#dialog.showModal();
      if (this.#query) this.#ask();
    }
    this.#input.focus();
    this.#input.select();
  }

  async #build() {
    const [words, sheets] = await prepared(this);
    if (this.#root || !this.isConnected) return;
    this.#words = words;
    this.#client = new Client(this);
    const plain = this.querySelector("form");
    const form = plain?.cloneNode(true) ?? this.#ownForm();
    const [typed, input] = [boxOf(plain), boxOf(form)];
    if (!input) return; // left as it is
    const selection = typed && typed === document.activeElement ? typed.selectionEnd : null;
    if (typed) input.value = typed.value;
    this.#form = form;
    this.#input = input;
    this.#dress();
    this.#facets.append(element("summary", "summary", {}, words.say("filter")), this.#groups);
    const filters = element("div", "filters", {}, this.#facets, this.#chosen);
    this.#panel.append(filters, this.#notes, this.#heading, this.#results, this.#all);
    const whole = [form, this.#panel, this.#status];
    this.#root = this.attachShadow({ mode: "open", delegatesFocus: true });
    this.#root.adoptedStyleSheets = sheets;
    this.#root.append(...(this.hasAttribute("dialog") ? this.#inDialog(whole) : whole));
    if (selection !== null) {
      this.open();
      input.setSelectionRange(selection, selection);
    }
    this.#listen();
  }

  #ownForm() {
    const label = this.#words.say("search");
    const input = element("input", "", { type: "search", name: "q", "aria-label": label });
    const action = `${this.#client.endpoint}/search`;
    return element("form", "", { action, role: "search" }, input, element("button", "", {}, label));
  }

  /** Gives the form its parts and roles. */
  #dress() {
    this.#form.part = "form";
    for (const part of ["label", "button"])
      for (const node of this.#form.querySelectorAll(part)) node.part.add(part);
    this.#input.part.add("input");
    setAttributes(this.#input, {
      role: "combobox",
      placeholder: this.getAttribute("placeholder") ?? this.#input.placeholder,
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "results",
    });
  }

  #inDialog(whole) {
    const label = this.#words.say("search");
    const keys = this.#hotkeys;
    const shown = keys.find((key) => key.includes("+")) ?? keys[0];
    const opener = button("open", () => this.open(), { "aria-haspopup": "dialog" }, label);
    if (shown) opener.append(element("kbd", "key", { "aria-hidden": "true" }, keyCap(shown)));
    const close = button("close", () => this.#leave(), {}, this.#words.say("close"));
    this.#dialog = element("dialog", "dialog", { "aria-label": label }, ...whole, close);
    this.#dialog.addEventListener("close", () => this.#dialog.open || this.#close()); // it comes late
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#leave(); // the backdrop
    });
    return [opener, this.#dialog];
  }

  #listen() {
    this.#input.addEventListener("input", () => this.#onInput());
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    for (const type of ["focus", "click"])
      this.#input.addEventListener(type, () => this.#query || this.#offerRecent());
    this.#form.addEventListener("submit", () => {
      this.#remember(this.#query);
      this.#leave();
    });
    this.#root.addEventListener("keydown", (event) => this.#onEscape(event));
    this.#root.addEventListener("focusout", ({ relatedTarget }) => {
      const isInside = this.#root.contains(relatedTarget) && relatedTarget;
      if (!isInside && !this.#isFilling && !this.#dialog) this.#close();
    });
  }

  get #query() {
    return this.#input.value.trim();
  }

  get #hotkeys() {
    return wordsIn((this.getAttribute("hotkey") ?? "/").toLowerCase());
  }

  get #options() {
    return [...this.#results.children];
  }

  /** Those chosen, as fields of the form, which submits them too. */
  get #filters() {
    return [...this.#form.querySelectorAll("[data-chosen]")];
  }

  #pageUrl(query) {
    const url = new URL(this.#form.getAttribute("action") ?? "", document.baseURI);
    const fields = new FormData(this.#form);
    fields.set(this.#input.name, query);
    for (const [name, value] of fields) url.searchParams.append(name, value);
    return url.href;
  }

  #onInput() {
    clearTimeout(this.#typing);
    if (this.#query) {
      this.#typing = setTimeout(() => this.#ask(), numberAttribute(this, "debounce", 120));
    } else {
      for (const filter of this.#filters) filter.remove();
      this.#offerRecent();
    }
  }

  #onKey(event) {
    if (event.isComposing) return;
    const isOpen = !this.#panel.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) this.#move(event.key === "ArrowDown" ? 1 : -1);
      else if (this.#query) this.#ask();
      else this.#offerRecent();
    } else if (event.key === "Enter" && this.#active >= 0) {
      event.preventDefault();
      this.#options[this.#active].click();
    }
  }

  #onEscape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    const isOpen = this.#dialog || !this.#panel.hidden;
    if (!isOpen && !this.#input.value) return;
    if (!isOpen) this.#input.value = "";
    this.#leave();
    event.preventDefault();
  }

  #onHotkey = (event) => {
    const target = event.composedPath()[0];
    const isTyping = target.isContentEditable || target.matches?.("input, textarea, select");
    const isModified = event.ctrlKey || event.metaKey || event.altKey;
    if ((isTyping && !isModified) || event.defaultPrevented) return;
    if (!this.#hotkeys.some((hotkey) => isPressed(hotkey, event))) return;
    event.preventDefault();
    this.open();
  };

  async #ask() {
    const query = this.#input.value.trimStart();
    const parameters = Object.values(FACETS);
    const filters = [...new FormData(this.#form)].filter(([name]) => parameters.includes(name));
    const limit = numberAttribute(this, "limit", 8);
    clearTimeout(this.#typing);
    clearTimeout(this.#waiting);
    this.#input.setAttribute("aria-busy", "true");
    this.#waiting = setTimeout(() => this.#excuse(query, "slow"), SLOW_MS);
    try {
      const asked = [["q", query], ["prefix", 1], ["limit", limit], ...filters];
      const answer = await this.#client.ask("search", asked);
      if (answer) this.#show(query, answer);
    } catch {
      this.#excuse(query, "failed");
    }
  }

  #show(query, answer) {
    const words = this.#words;
    const { corrected, missing, total, hits, nearest = [] } = answer;
    const typed = query.trim();
    const lacking = words.listed(missing);
    const notes = [];
    if (corrected) {
      const instead = words.say("instead", { query: typed });
      const wayBack = this.#queryLink("instead", instead, verbatim(typed, corrected));
      notes.push(note(words.say("corrected", { query: corrected }), " ", wayBack));
    }
    if (total === 0) notes.push(note(words.say("nothing", { query: typed })));
    else if (lacking) notes.push(note(words.say("lacking", { words: lacking })));
    const offers = hits.flatMap((hit) => this.#hitOptions(hit, lacking));
    offers.push(...nearest.map((post) => this.#option(post, "", line("title", post.title))));
    const isCut = total > hits.length;
    const counts = { count: total, shown: hits.length };
    this.#answered = typed;
    this.#fill(notes, nearest.length > 0 ? "nearest" : "results", offers, answer);
    this.#linkPage(query, words.say(isCut ? "all" : "page", counts));
    this.#say([
      total > 0 && words.say(isCut ? "found_first" : "found", counts),
      ...notes.map(({ textContent }) => textContent),
      nearest.length > 0 && words.say("nearest"),
      this.#filters.length > 0 &&
        words.say("filtered", { words: words.listed(this.#filters.map(({ value }) => value)) }),
    ]);
    emit(this, "signpost-search", { query, corrected, missing, total });
  }

  #excuse(query, reason) {
    const text = `${this.#words.say(reason)} ${this.#words.say("submit")}`;
    this.#fill([note(text)], "results", []);
    this.#linkPage(query, this.#words.say("page"));
    this.#say([text]);
  }

  #offerRecent() {
    this.#close();
    const recent = recentSearches().slice(0, this.#recentLimit);
    if (recent.length === 0) return;
    const clear = () => {
      keepSearches([]);
      this.#close();
    };
    for (const part of [this.#chosen, this.#facets, this.#all]) part.hidden = true;
    this.#fill([], "recent", recent.map((query) => this.#queryLink("option", query, query)));
    this.#heading.append(button("clear", clear, {}, this.#words.say("clear")));
    this.#say([this.#words.say("recent")]);
  }

  get #recentLimit() {
    return numberAttribute(this, "recent", 5);
  }

  #remember(query) {
    const others = recentSearches().filter((other) => other !== query);
    if (query) keepSearches([query, ...others].slice(0, this.#recentLimit));
  }

  /** Fills the panel. The focus stays where it was, or goes to the box. */
  #fill(notes, name, options, answer) {
    clearTimeout(this.#waiting);
    for (const [index, option] of options.entries()) {
      const id = `option-${index}`;
      setAttributes(option, { id, role: "option", "aria-selected": "false", tabindex: "-1" });
    }
    const focused = this.#root.activeElement;
    this.#isFilling = true;
    if (answer) this.#fillFacets(answer);
    this.#notes.replaceChildren(...notes);
    this.#heading.replaceChildren(this.#words.say(name));
    this.#heading.hidden = name === "results";
    this.#results.replaceChildren(...options);
    this.#results.hidden = options.length === 0;
    this.#results.setAttribute("aria-label", this.#words.say(name));
    this.#panel.hidden = false;
    if (focused && this.#root.activeElement !== focused) {
      const same = focused.id && this.#root.getElementById(focused.id);
      (same || this.#input).focus({ preventScroll: true });
    }
    this.#isFilling = false;
    if (this.#root.activeElement === this.#input) this.#panel.scrollTop = 0;
    this.#settle(options.length > 0);
  }

  #settle(isExpanded) {
    this.#active = -1;
    for (const name of ["aria-busy", "aria-activedescendant"]) this.#input.removeAttribute(name);
    this.#input.setAttribute("aria-expanded", String(isExpanded));
  }

  #linkPage(query, text) {
    this.#all.href = this.#pageUrl(query.trim());
    this.#all.textContent = text;
    this.#all.hidden = false;
  }

  #say(sentences) {
    this.#status.textContent = sentences.filter(Boolean).join(" ");
  }

  /** Searches here; in another tab, on the results page. */
  #queryLink(part, text, query) {
    const link = element("a", part, { href: this.#pageUrl(query), dir: "auto" }, text);
    link.addEventListener("click", (event) => {
      if (!isPlain(event)) return;
      event.preventDefault();
      this.#input.value = query;
      this.#input.focus();
      this.#ask();
    });
    return link;
  }

  #fillFacets({ facets, total }) {
    const chosen = this.#filters;
    const removals = chosen.map(({ name, value }) => {
      const attributes = { "aria-label": this.#words.say("remove", { value }) };
      return button("filter removal", () => this.#toggle(name, value), attributes, value);
    });
    this.#chosen.replaceChildren(...removals);
    this.#chosen.hidden = chosen.length === 0;
    const groups = Object.entries(FACETS).map(([facet, name]) => {
      const on = chosen.filter((filter) => filter.name === name).map(({ value }) => value);
      const values = (facets[facet] ?? []).filter(
        ({ value, count }, rank) =>
          on.includes(value) || (rank < FACET_VALUES && (on.length > 0 || count < total)),
      );
      const label = this.#words.say(facet);
      const title = element("span", "facet", { "aria-hidden": "true" }, label);
      const buttons = values.map((value) => this.#choice(name, value, on));
      return element("div", "group", { role: "group", "aria-label": label }, title, ...buttons);
    });
    this.#groups.replaceChildren(...groups.filter((group) => group.childElementCount > 1));
    this.#facets.hidden = this.#groups.childElementCount === 0;
  }

  #choice(name, { value, count }, on) {
    const words = this.#words;
    const attributes = {
      id: `${name}-${value}`,
      "aria-pressed": String(on.includes(value)),
      "aria-label": words.listed([value, words.say("posts", { count })]),
    };
    const number = element("span", "count", {}, count.toLocaleString(words.language));
    return button("filter", () => this.#toggle(name, value), attributes, value, number);
  }

  #toggle(name, value) {
    const filter = this.#filters.find((known) => known.name === name && known.value === value);
    const attributes = { type: "hidden", name, value, "data-chosen": "" };
    if (filter) filter.remove();
    else this.#form.append(element("input", "", attributes));
    this.#ask();
  }

  /** The post, then other sections of it. What it lacks is told, unless a note told it already. */
  #hitOptions(hit, noted) {
    const { title_html, snippet_html, section, other_sections, missing } = hit;
    const lines = [
      line("title", ...markedText(title_html)),
      line("section", section.title),
      line("snippet", ...markedText(snippet_html)),
    ];
    const lacking = this.#words.listed(missing);
    if (lacking !== noted) lines.push(line("missing", this.#words.say("missing", { words: lacking })));
    const others = other_sections.map(({ title, url }) =>
      this.#option({ ...hit, url }, "", line("section", title)),
    );
    for (const option of others) option.part.add("other");
    return [this.#option(hit, textFragment(snippet_html), ...lines), ...others];
  }

  #option(post, fragment, ...lines) {
    const { path, title } = post;
    const url = hrefOf(post);
    const href = fragment && !url.includes("#") ? `${url}#${fragment}` : url + fragment;
    const option = element("a", "option", { href }, ...lines);
    option.addEventListener("click", (event) => {
      const query = this.#answered;
      const position = this.#options.indexOf(option) + 1;
      this.#remember(query);
      const detail = { path, url: webUrl(url), title, position, query };
      if (!emit(this, "signpost-select", detail)) event.preventDefault();
      if (isPlain(event)) this.#leave();
    });
    return option;
  }

  /** The box comes between the last option and the first. */
  #move(step) {
    const options = this.#options;
    const places = options.length + 1;
    options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = ((this.#active + 1 + step + places) % places) - 1;
    const option = options[this.#active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #leave() {
    this.#dialog?.close();
    this.#close();
  }

  #close() {
    clearTimeout(this.#typing);
    clearTimeout(this.#waiting);
    this.#client.cancel();
    if (this.#panel.contains(this.#root.activeElement)) this.#input.focus();
    this.#panel.hidden = true;
    this.#say([]);
    this.#settle(false);
  }
}

export class SignpostRelated extends HTMLElement {
  static observedAttributes = ["endpoint", "src", "path", "limit", "heading", "layout"];

  #client;

  connectedCallback() {
    this.addEventListener("click", this.#onClick);
    this.#fill();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#onClick);
    this.#client?.cancel();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#client) this.#fill();
  }

  async #fill() {
    const [words, sheets] = await prepared(this);
    if (this.querySelector(":scope > :not(script)")) return; // the server's own list stays
    this.#client?.cancel();
    this.#client = new Client(this);
    const related = await this.#load(this.#client).catch(() => []);
    if (related) this.#show(related, words, sheets);
  }

  async #load(client) {
    const path = this.getAttribute("path") ?? ownPath();
    const limit = numberAttribute(this, "limit", 5);
    const src = this.getAttribute("src");
    if (!src) return (await client.ask("related", { path, limit }))?.related;
    const bare = path.replace(/(\/index)?\.html$/, "") || "/";
    const name = encodeURIComponent(bare.slice(1) || "index").replaceAll("%2F", "/");
    const file = src.endsWith("/") ? `${name}.json` : "";
    const lists = await client.load(new URL(src + file, document.baseURI));
    return lists && (lists.related ?? lists[path] ?? lists[bare] ?? []).slice(0, limit);
  }

  #show(related, words, sheets) {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = sheets;
    root.replaceChildren();
    if (related.length === 0) return;
    const items = related.map((post) => {
      const attributes = { href: hrefOf(post), dir: "auto", "data-path": post.path };
      const link = element("a", "link", attributes, post.title);
      const why = post.date ? `${words.why(post)} · ${words.date(post.date)}` : words.why(post);
      const text = element("div", "text", {}, link, element("p", "reason", {}, why));
      return element("li", "item", {}, ...thumbnails(post), text);
    });
    const heading = this.getAttribute("heading") ?? words.say("related");
    if (heading) root.append(element("h2", "heading", {}, heading));
    const part = this.getAttribute("layout") === "cards" ? "list cards" : "list";
    root.append(element("ol", part, { role: "list" }, ...items));
  }

  #onClick = (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link) return;
    const links = [...(this.shadowRoot ?? this).querySelectorAll("li a")];
    const path = link.dataset.path ?? decodedPath(link.pathname);
    const position = links.indexOf(link) + 1;
    const detail = { path, url: link.href, title: link.textContent, position };
    if (!emit(this, "signpost-select", detail)) event.preventDefault();
  };
}

/** Words and styles, once all children are there. */
async function prepared(host) {
  if (document.readyState === "loading")
    await new Promise((go) => document.addEventListener("DOMContentLoaded", go, { once: true }));
  return Promise.all([Wording.of(host), STYLES]);
}

function boxOf(form) {
  return form?.querySelector("input[name=q]") ?? form?.querySelector("input");
}

function ownLabels(host) {
  const script = host.querySelector(":scope > script[type='application/json']");
  try {
    return script && JSON.parse(script.textContent);
  } catch (error) {
    console.error("These labels are not JSON.", script, error);
  }
}

/** Ctrl stands for Cmd as well; Shift counts with letters only. */
function isPressed(hotkey, event) {
  const modifiers = hotkey.split("+");
  const key = modifiers.pop();
  return (
    key === event.key.toLowerCase() &&
    modifiers.includes("ctrl") === (event.ctrlKey || event.metaKey) &&
    modifiers.includes("alt") === event.altKey &&
    (modifiers.includes("shift") === event.shiftKey || !/^[a-z]$/.test(key))
  );
}

function keyCap(hotkey) {
  const ctrl = /^(Mac|iP)/.test(navigator.platform) ? "⌘" : "Ctrl";
  return hotkey.split("+").map(capitalized).join(" ").replace("Ctrl", ctrl);
}

function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The query with what was corrected as it was typed, in double quotes. */
function verbatim(query, corrected) {
  const typed = wordsIn(query);
  const answered = wordsIn(corrected);
  if (typed.length !== answered.length) return `"${query.replaceAll('"', "")}"`;
  const quoted = (word) => word.replace(/^([a-z]+:)?(.+)$/i, '$1"$2"');
  return typed
    .map((word, index) => (word === answered[index] || word.includes('"') ? word : quoted(word)))
    .join(" ");
}

/**
 * Has the browser mark the matches on the page that opens, without a script there. It comes after
 * the anchor, which counts where the text is not found. The words around a match keep one of an
 * earlier section from being taken for it.
 */
function textFragment(html) {
  const pieces = textPieces(html);
  const marks = pieces.flatMap((text, index) => {
    if (index % 2 === 0) return [];
    const before = wordsIn(pieces.slice(0, index).join("").split("…").pop());
    const after = wordsIn(pieces.slice(index + 1).join("").split("…")[0]);
    const prefix = escaped(before.slice(-CONTEXT_WORDS));
    const suffix = escaped(after.slice(0, CONTEXT_WORDS));
    return `text=${prefix && `${prefix}-,`}${escaped([text])}${suffix && `,-${suffix}`}`;
  });
  return marks.length > 0 ? `:~:${marks.join("&")}` : "";
}

/** As part of a text fragment, where dashes have a meaning. */
function escaped(words) {
  return encodeURIComponent(words.join(" ")).replaceAll("-", "%2D");
}

function wordsIn(text) {
  return text.split(/\s+/).filter(Boolean);
}

/** Escaped text as nodes: only `<mark>` becomes one. */
function markedText(html) {
  return textPieces(html).map((text, index) => (index % 2 ? element("mark", "", {}, text) : text));
}

/** Escaped text as plain text, every second piece of it marked. */
function textPieces(html) {
  const pieces = html.split(/<mark>(.*?)<\/mark>/s);
  return pieces.map((piece) => piece.replace(/&[\w#]+;/g, (entity) => ENTITIES[entity] ?? entity));
}

/** Empty unless http or https. */
function webUrl(url, base = document.baseURI) {
  try {
    const { protocol, href } = new URL(url, base);
    return /^https?:$/.test(protocol) ? href : "";
  } catch {
    return "";
  }
}

function hrefOf({ url, path }) {
  return webUrl(url) ? url : path;
}

/** At most one; its address may be relative to the post's. */
function thumbnails(post) {
  const src = post.image && webUrl(post.image, webUrl(hrefOf(post)));
  if (!src) return [];
  const attributes = { alt: "", loading: "lazy", width: "320", height: "180", src };
  const image = element("img", "thumbnail", attributes);
  image.addEventListener("error", () => image.remove());
  return [image];
}

/** The newest first; none where nothing may be stored. */
function recentSearches() {
  try {
    const kept = JSON.parse(localStorage.getItem(RECENT_KEY));
    return kept.filter((query) => typeof query === "string");
  } catch {
    return [];
  }
}

function keepSearches(queries) {
  try {
    localStorage.setItem(RECENT_KEY, JSON.stringify(queries));
  } catch {
    // does without
  }
}

function ownPath() {
  const canonical = document.querySelector("link[rel=canonical]")?.href;
  return decodedPath(canonical ? new URL(canonical).pathname : location.pathname);
}

/** As posts have it. */
function decodedPath(pathname) {
  const bare = pathname.replace(/(.)\/+$/, "$1");
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}

function isPlain({ ctrlKey, metaKey, shiftKey }) {
  return !ctrlKey && !metaKey && !shiftKey;
}

function numberAttribute(host, name, fallback) {
  const value = Number.parseInt(host.getAttribute(name), 10);
  return value >= 0 ? value : fallback;
}

function emit(host, type, detail) {
  const options = { detail, bubbles: true, composed: true, cancelable: true };
  return host.dispatchEvent(new CustomEvent(type, options));
}

function element(name, part, attributes = {}, ...children) {
  const node = document.createElement(name);
  if (part) node.part = part;
  setAttributes(node, attributes);
  node.append(...children);
  return node;
}

function button(part, onClick, attributes, ...children) {
  const node = element("button", part, { type: "button", ...attributes }, ...children);
  node.addEventListener("click", onClick);
  return node;
}

function line(part, ...children) {
  return element("div", part, { dir: "auto" }, ...children);
}

function note(...children) {
  return element("p", "note", {}, ...children);
}

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

/** A constructed sheet needs no unsafe-inline in a Content-Security-Policy. */
async function loadStyles() {
  try {
    const signal = AbortSignal.timeout(STYLE_TIMEOUT_MS);
    const response = await fetch(new URL("signpost.css", import.meta.url), { signal });
    if (!response.ok) return [];
    return [await new CSSStyleSheet().replace(await response.text())];
  } catch {
    return [];
  }
}

const STYLES = loadStyles();

for (const [name, widget] of [
  ["signpost-search", SignpostSearch],
  ["signpost-related", SignpostRelated],
])
  if (!customElements.get(name)) customElements.define(name, widget);
