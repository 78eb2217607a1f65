// Images that this server cannot show: many site generators rename a post's pictures when they
// build the site, so that the name in the post leads nowhere. Each gives way to what it says.

for (const image of document.images) {
  image.addEventListener("error", () => image.replaceWith(image.alt), { once: true });
  // One that failed before this ran is asked for again, so that its error is heard.
  if (image.complete && image.naturalWidth === 0) image.src = image.src;
}
