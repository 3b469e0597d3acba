// What the theme leaves out for those who use a keyboard or a screen reader.
new MutationObserver(() => {
  // The buttons of each program are a landmark, and none of them has a name.
  document
    .querySelectorAll("nav.md-code__nav")
    .forEach((buttons, number) => buttons.setAttribute("aria-label", `Block ${number + 1}`))
  // A table that is wider than its place is scrolled by keys only if it can have the focus.
  for (const place of document.querySelectorAll(".md-typeset__scrollwrap"))
    if (place.scrollWidth > place.clientWidth) place.tabIndex = 0
}).observe(document.body, { childList: true, subtree: true })
