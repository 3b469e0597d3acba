// Asks which tool somebody needs, one question at a time. What is asked and answered stands in the
// page's own tables and nowhere else: a heading `Question? Answer` over a table, or over further
// headings, and a table whose first column has a question as its head and the answers below.
// The answers so far are the address: #which/one-answer/the-next.

import { element } from "./element.js"

const PREFIX = "which"
const place = document.getElementById("questions")

// An answer is { text, question, answers } where more is asked, and { text, row } at the end.
function read() {
  const root = { answers: [] }
  const open = [root] // the answer of each level of headings that is open, outermost first
  for (const part of document.querySelectorAll("article :is(h2, h3, table)")) {
    if (part.matches("table")) {
      const [question] = part.tHead.rows[0].cells
      const last = open.at(-1)
      if (last === root) continue
      last.question = question.textContent
      last.answers = [...part.tBodies[0].rows].map(row => ({ text: row.cells[0].textContent, row }))
    } else {
      open.length = Math.min(open.length, Number(part.tagName[1]) - 1)
      const [, question, text] = part.firstChild.data?.match(/^(.+\?) (.+)$/) ?? []
      if (!question) continue
      open.at(-1).question = question
      const answer = { text, answers: [] }
      open.at(-1).answers.push(answer)
      open.push(answer)
    }
  }
  return root
}

const name = ({ text }) => text.toLowerCase().match(/[a-z0-9]+/g).join("-")
const address = answers => `#${[PREFIX, ...answers.map(name)].join("/")}`
const link = (answers, text) => element("a", { href: address(answers) }, text)

// The answers that an address names; undefined where it names one that is not there.
function follow(root, hash) {
  const given = []
  for (const wanted of hash.split("/").slice(1)) {
    const next = (given.at(-1) ?? root).answers?.find(answer => name(answer) === wanted)
    if (!next) return undefined
    given.push(next)
  }
  return given
}

function asked({ question, answers }, given) {
  const items = answers.map(answer => element("li", {}, link([...given, answer], answer.text)))
  return [element("h2", { tabIndex: -1 }, question), element("ul", { className: "choices" }, ...items)]
}

function found({ row }) {
  const heads = row.closest("table").tHead.rows[0].cells
  const [, use, ...more] = [...row.cells].map((cell, number) => ({
    head: heads[number].textContent,
    parts: cell.cloneNode(true).childNodes
  }))
  const list = more.flatMap(({ head, parts }) => [element("dt", {}, head), element("dd", {}, ...parts)])
  return [
    element("h2", { tabIndex: -1 }, `${use.head} `, ...use.parts),
    element("dl", {}, ...list)
  ]
}

// What was answered, each with a way back to its question.
function steps(root, given) {
  const items = given.map((answer, number) => {
    const before = given.slice(0, number)
    const { question } = before.at(-1) ?? root
    const change = link(before, "Change")
    change.ariaLabel = `Change the answer: ${answer.text}`
    return element("li", {}, `${question} `, element("strong", {}, answer.text), " ", change)
  })
  return element("ol", { className: "answered" }, ...items)
}

function show(root) {
  const given = ours() ? follow(root, location.hash) : []
  if (!given) {
    const told = "This address names an answer that is not here. Start again:"
    return place.replaceChildren(element("p", { role: "alert" }, told), ...asked(root, []))
  }
  const last = given.at(-1) ?? root
  const parts = last.row ? found(last) : asked(last, given)
  if (given.length) parts.push(steps(root, given), element("p", {}, link(given.slice(0, -1), "Back")))
  place.replaceChildren(...parts)
}

const ours = () => location.hash.split("/")[0] === `#${PREFIX}`
const root = read()
show(root)
addEventListener("hashchange", () => {
  if (location.hash && !ours()) return
  show(root)
  place.querySelector("h2").focus() // so that it is read out
})
