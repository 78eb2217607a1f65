// What Signpost's own pages have beside the widgets. They are whole without it.

/**
 * Many site generators rename a post's pictures when they build the site, so that the name in the
 * post leads nowhere. Each of these gives way to what it says.
 */
for (const image of document.images) {
  image.addEventListener("error", () => image.replaceWith(image.alt), { once: true });
  // One that failed before this ran is asked for again, so that its error is heard.
  if (image.complete && image.naturalWidth === 0) image.src = image.src;
}

/** What scrolls sideways can be reached, and scrolled, by keyboard. */
const scrolling = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(".prose :is(pre, table)")) scrolling.observe(box);
