// Shows the one row of the tables below that is asked for: what is shared, how it gets to the child,
// under which start method, on which Python. Nothing is known here that the tables do not have. The
// choice is in the address, as in #lock/argument-of-process/spawn/3.14.1.

import { element } from "./element.js"

const NAMES = ["thing", "way", "method", "python"]
const form = document.getElementById("child")
const place = document.getElementById("child-answer")
const selects = NAMES.map(name => document.getElementById(`child-${name}`))

const slug = text => text.toLowerCase().replace(/[^a-z0-9.]+/g, "-").replace(/-$/, "")

// A release as numbers; `last` fills up what a version such as 3.13 leaves open.
const numbers = (text, last = 0) => {
  const [major, minor, patch = last] = text.split(".").map(Number)
  return major * 1e6 + minor * 1e3 + patch
}

// Whether a label such as "3.11 to 3.13.7 and 3.14" is for a release.
const covers = (label, python) =>
  label.split(/ and (?=\d)/).some(range => {
    const [first, end = first] = range.replace(" and later", " to 4.0").split(" to ")
    return numbers(first) <= numbers(python) && numbers(python) <= numbers(end, 999)
  })

// Each thing, with its rows.
const things = new Map()
for (const table of document.querySelectorAll(".outcomes ~ details")) {
  const rows = [...table.querySelectorAll("tbody tr")].map(({ cells: [way, where, outcome] }) => {
    const [methods, label = "3.0 and later"] = where.textContent.split(", Python ")
    return { way: way.textContent, methods: methods.split(", "), label, outcome }
  })
  things.set(table.querySelector("summary").textContent, rows)
}

const chosen = () => selects.map(select => select.value)

function fill(select, texts) {
  const before = select.value
  select.replaceChildren(...texts.map(text => element("option", { textContent: text })))
  if (texts.includes(before)) select.value = before
}

const fillWays = () =>
  fill(selects[1], [...new Set(things.get(selects[0].value).map(({ way }) => way))])

function show(told = "") {
  const [thing, way, method, release] = chosen()
  const { outcome } = things
    .get(thing)
    .find(row => row.way === way && row.methods.includes(method) && covers(row.label, release))
  const { href } = outcome.querySelector("a")
  const python = selects[3].selectedOptions[0].text
  const asked = `${thing}: ${way}; under ${method}, on Python ${python}:`
  place.replaceChildren(
    ...(told ? [element("p", {}, told)] : []),
    element("p", {}, asked),
    element("p", { className: "found" }, outcome.textContent),
    element("p", {}, element("a", { href }, "Why, and what to do"))
  )
}

// Chooses what the address names. Gives what is wrong with it, if it names something else.
function take() {
  const address = decodeURI(location.hash.slice(1))
  if (!address.includes("/")) return "" // a heading, or nothing
  const asked = address.split("/")
  const wrong = NAMES.some((_, at) => {
    if (at === 1) fillWays()
    const options = [...selects[at].options]
    const found = options.find(({ value }) => slug(value) === asked[at])
    if (found) selects[at].value = found.value
    return !found
  })
  if (!wrong && asked.length === NAMES.length) return ""
  form.reset()
  selects[0].selectedIndex = 0
  fillWays()
  return `Nothing that was tried has the address “#${address}”. Choose again:`
}

function start() {
  let told
  try {
    told = take()
  } catch {
    told = "The address cannot be read. Choose again:" // a broken %
  }
  show(told)
}

fill(selects[0], [...things.keys()])
fillWays()
form.addEventListener("change", ({ target }) => {
  if (target === selects[0]) fillWays()
  history.replaceState(null, "", `#${chosen().map(slug).join("/")}`)
  show()
})
addEventListener("hashchange", start)
form.inert = false
start()
