// Checks a pasted program: the worker checker.js does it, which is loaded when somebody comes to the
// field, because Python takes a moment to start there. Nothing else is fetched, and nothing is sent.

import { element } from "./element.js"

const LONGEST = 500_000 // characters; the browser would be busy for long

const form = document.getElementById("check")
const field = form.querySelector("textarea")
const place = document.getElementById("check-answer")
const base = new URL("..", import.meta.url)
let worker

const start = () => (worker ??= new Worker(new URL("checker.js", import.meta.url)))

function told([line, rule, text, page]) {
  const [path, heading] = page.split("#")
  const at = new URL(path.replace(/\.md$/, "/") + (heading ? `#${heading}` : ""), base)
  const code = field.value.split(/\r\n|\r|\n/)[line - 1] ?? ""
  return element(
    "li", {},
    element("p", {}, element("strong", {}, `Line ${line}`), ": ", element("code", {}, code.trim())),
    element("p", {}, `${text}. `, element("a", { href: at.href }, `What to do: ${rule}`))
  )
}

function shown(found) {
  if (found.length === 1 && !found[0][1]) {
    const [[line, , why]] = found
    const diagnose = element("a", { href: new URL("diagnose/", base).href }, "Find the cause of an error")
    return [
      element("h2", {}, "This is not a program for Python 3"),
      element("p", {}, line ? `Line ${line}: ${why}.` : `${why}.`),
      element("p", {}, "For a traceback, see ", diagnose, ".")
    ]
  }
  if (!found.length) {
    const text = "None of the mistakes that are known here was found. That does not mean that there is none."
    return [element("h2", {}, "Nothing was found"), element("p", {}, text)]
  }
  const number = found.length === 1 ? "1 finding" : `${found.length} findings`
  return [element("h2", {}, number), element("ol", { className: "findings" }, ...found.map(told))]
}

function say(text) {
  place.replaceChildren(element("p", {}, text))
}

function check() {
  if (!field.value.trim()) return say("Nothing was pasted. Paste the text of a program.")
  if (field.value.length > LONGEST) return say("This is too long for the browser: check it on your machine.")
  if (field.value.includes("\0")) return say("This is not text. Paste the text of a program.")
  say("Checking …")
  const asked = start()
  asked.onmessage = ({ data }) => data === "ready" || place.replaceChildren(...shown(data))
  asked.onerror = event => {
    event.preventDefault()
    asked.terminate()
    worker = undefined
    say("The check failed here. On your machine, the command below does the same.")
  }
  asked.postMessage(field.value)
}

field.addEventListener("paste", () => setTimeout(check))
form.addEventListener("submit", event => {
  event.preventDefault()
  check()
})
form.inert = false
for (const event of ["focusin", "pointerenter"]) form.addEventListener(event, start, { once: true })
