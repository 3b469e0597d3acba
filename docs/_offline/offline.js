// In the offline copy, each page reads this before the theme; `search` is there, too: the address
// of the worker of the search, as a page from the file system cannot start one from a file.
const place = document.getElementById("__config")
place.textContent = JSON.stringify({ ...JSON.parse(place.textContent), search })

self.site = new URL("..", document.currentScript.src).href // for modules, which have no address

// A link to a folder means its index.html, as on a server.
const complete = ({ target }) => {
  const link = target.closest?.("a[href]")
  if (link?.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html"
}
for (const event of ["pointerdown", "click"]) addEventListener(event, complete, true)
