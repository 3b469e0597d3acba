// Finds the cause of an error: a traceback is pasted, and the page that explains it is shown.
// What is known stands in diagnose.json, which is made of the tables of "Look up an error
// message" and is read when the field is first used. Nothing else is fetched, and nothing is sent.

import { element } from "./element.js"

const LONGEST = 200_000 // characters that are read of a text, from its end
const MOST = 5_000 // lines that are read of it
const WIDEST = 1_000 // of a line
const SHOWN = 4 // pages beside the first
const OLDEST = 1100 // a release is a number here: 3.13.8 is 1308

// What a message can be found to be, the surest first.
const [SURE, PERHAPS, AROUND, NOT] = [0, 1, 2, 3]

// Letters that a message must have, so that it says something without the lines around it.
const SHORT = 12
const LONG = 20

// One expression of several.
const either = (...parts) => RegExp(parts.map(part => `(?:${part.source})`).join("|"))

// Files in which an error is raised that is about processes, however common its words are.
const RAISED = either(
  /[\\/](?:multiprocess(?:ing)?|billiard)[\\/](?:pool|process|context|connection|queues)\.py/,
  /[\\/](?:multiprocess(?:ing)?|billiard)[\\/](?:managers|spawn|forkserver|popen_\w+)\.py/,
  /[\\/](?:multiprocess(?:ing)?|billiard)[\\/](?:reduction|resource_\w+|shared_memory)\.py/,
  /[\\/](?:multiprocess(?:ing)?|billiard)[\\/](?:sharedctypes|heap|util|synchronize|dummy)\b/,
  /concurrent[\\/]futures[\\/]|[\\/]loky[\\/]/,
  /torch[\\/](?:multiprocessing|utils[\\/]data)[\\/]/,
  /[\\/]threading\.py.* in _(?:wait|enter)\b/ // of a Barrier
)
// Where what was raised elsewhere, in a worker or in the process of a manager, is raised once more,
// unless the line below raises an exception by its name: TimeoutError, CancelledError.
const AGAIN = either(
  /[\\/]pool\.py.* in (?:get|next)\b/,
  /_base\.py.* in (?:\w+\.)?(?:result|_*get_result)\b/,
  /managers\.py.* in _callmethod\b/
)
const BY_NAME = /^\W*raise [A-Z]/
const CHILD = either(
  /\bProcess-\d|PoolWorker-\d|RemoteTraceback|__mp_main__|spawn_main/,
  /in _bootstrap\b|in _process_worker\b/
)
// What shows that more than one process is there.
const PROCESSES = either(
  CHILD,
  /multiprocess|concurrent[.\\/]futures|ProcessPool|resource_tracker|forkserver|joblib|\bloky\b/,
  /BrokenBarrierError|billiard|torch[.\\/]utils[.\\/]data|DataLoader|shared_memory|SharedMemory|SyncManager|'\w+Proxy/
)
// Words that only messages about processes have, or about what is sent between them.
const TOPIC = RegExp(
  `pickl|serializ|local object|process|fork|spawn|\\bpool\\b|worker|future|semaphore|semlock|shared|
  synchron|proxy|manager|multi|__(?:mp_)?main__`.replace(/\n\s+/g, ""),
  "i"
)
// What Python says of a mistake anywhere. A name in quotes that is none of Python's own types
// makes such a message one of few.
const COMMON = either(
  /object (?:is not|has no|cannot be)|positional arg|keyword-only|is not defined|has no attribute/,
  /No module named|cannot import name|must be an iterable|out of range|invalid index/,
  /unsupported operand|bytes-like|is not a string|too (?:long|large|short)|invalid load key/,
  /\[Errno (?:2|13|17|32)\]|new thread|^'?\W*'?$/
)
// What the system says of a call that failed, and a shell of a program that a signal has ended,
// whatever program it is.
const SYSTEM = /^\[Errno \d+\]/
const ENDED = /^(?:Bus error|Killed|Segmentation fault)$/
const OWN_TYPES = /^(?:\.\.\.|NoneType|int|str|float|list|dict|bytes|\/?\W*)$/

// How a line begins that tells an error, or where one was raised
const KIND = String.raw`(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|ProcessPool)`
const DOTTED = String.raw`(?:\w+\.)+(?:error|timeout|[A-Z]\w*)`
const ERROR = RegExp(String.raw`(?:^|[^\w.'"(])(${KIND}|${DOTTED}|Fatal Python error)(?::(?=\s|$)|$)`)
const TRACE = /Traceback \(most recent call|^[ \t]*File ".*", line \d+/m
const FRAME =
  /File "([^"]+)", line \d+|^\W*(?:File )?((?:[~.\w]|[A-Za-z]:)?[^\s"'()]*\.py)(?::\d+| in )/
const STACKS = /most recent call first|^Thread (?:0x)?[\da-f]+ \(|py-spy/m
const STATEMENT = either(
  /^\s*(?:from [\w.]+ )?import [\w., *()]+(?:#.*)?$/,
  /^\s*(?:def \w+\(|class \w+.*:|if __name__ ==|@[\w.]+|for \w+ in .*:|with .+:)/
)
const CODE = /^(?:(?:-+> *)?\d+ |raise |assert |return |self\.|[~^ ]+$|#|>>> )|^\w+ = /

// What stands around a line: colors, marks of quotations, boxes and tests, tags
const COLORS = /\x1b\[[\d;?]*[A-Za-z]|\[\d{1,2}(?:;\d{1,3})*m/g
const START = /^(?:[\s>|│┃╭╰╮╯─┌└+*`]|E {2,})+/
const END = /[│┃`*]+$/
const TAGS = RegExp(
  `</?(?:a|b|br|code|div|em|font|h\\d|i|li|p|pre|script|span|strong|table|td|th|tr|ul)\\b[^<>\\n]*>`,
  "gi"
)

// Reading what is known

export function prepare({ rows, pages }) {
  const messages = rows
    .flatMap((row, order) => row.says.map(said => template(row, said, order)))
    .filter(({ text, letters, row }) => !text || letters || row.note) // else it is any text
  return { messages: [...messages, ...common(messages)], pages }
}

function template(row, { kind, text: full, own }, order) {
  const text = full // without what is often cut off
    .replace(/\.\.\.['")\]>.]+$/, "...")
    .replace(/(?<!\.\.)\.$/, "")
  const literal = text.replaceAll("...", " ")
  const quoted = [...text.matchAll(/'([^']*)'/g)].map(([, name]) => name)
  return {
    row,
    order,
    kind,
    text,
    own,
    alone: !text,
    around: row.around && (!kind || (!row.note && !letters(literal))),
    letters: letters(text ? literal : kind),
    needle: text.split(/\.\.\.|\d+|argument/).sort((a, b) => b.length - a.length)[0] || kind,
    common: COMMON.test(text) && quoted.every(name => OWN_TYPES.test(name)),
    warns: /Warning$/.test(kind),
    pattern: text ? pattern(text) : null,
    typed: kind && RegExp(said(named(kind, !text)) + (text ? `: +(?:${NUMBER} )?${pattern(text)}` : ALONE)),
    raised: kind && text && RegExp(`\\b${named(kind)}\\(\\W?${pattern(text)}`),
    ended: !kind && ENDED.test(text) && ended(text)
  }
}

const said = name => String.raw`(?:^|[^\w.])${name}`
const ended = text =>
  RegExp(String.raw`(?:^|: |\d +)${text}(?:\.?$|: \d+$| \(core dumped\)| {2})`, "i")
const NUMBER = String.raw`\[(?:Errno|WinError) -?\d+\]` // it differs between systems
const ALONE = String.raw`(?::\s*(?:${NUMBER}.*)?)?$`
const letters = text => text.replace(/[^A-Za-z]/g, "").length
const quote = text => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

// The name of an exception, with or without its module; where nothing else is said, with it.
function named(kind, alone) {
  const parts = kind.replace(/^_/, "").split(".")
  if (alone && parts.length > 1) return `_?${quote(parts.join("."))}`
  return String.raw`(?:\w+\.)*${quote(parts.at(-1))}`
}

// What differs is any text, and a number any number.
function pattern(text) {
  const parts = text.split("...").map(part =>
    quote(part)
      .replace(/(?<!(?:Errno|WinError) )(?<![\w.])\d+(?!\w)/g, String.raw`\d+`)
      .replace(/\bargument\b/, "arguments?")
      .replace(/ +/g, " +")
  )
  return parts.join(".*?")
}

// What at least three messages of the tables say of different types is so of any other type.
function common(messages) {
  const groups = new Map()
  for (const message of messages) {
    const text = message.text.replace(/'[^']+'/g, "'...'")
    if (text === message.text || message.common || message.row.note) continue
    const key = `${message.kind}: ${text}`
    groups.set(key, [...(groups.get(key) ?? []), message])
  }
  return [...groups.values()]
    .filter(([{ text }]) => letters(text.replace(/'[^']+'/g, "")) > SHORT)
    .map(group => group.filter(({ row }) => row.pages[0]?.[1] === group[0].row.pages[0]?.[1]))
    .filter(group => group.length > 2)
    .map(([{ row, kind, text, own, order }]) => {
      const any = { kind, text: text.replace(/'[^']+'/g, "'...'"), own }
      return template({ ...row, label: "", releases: [] }, any, order)
    })
}

// Reading what was pasted

// The end of a text that is long.
function tail(text) {
  const kept = text.slice(-LONGEST)
  const all = kept.split("\n")
  return all.length > MOST ? all.slice(-MOST).join("\n") : kept
}

function lines(text) {
  let plain = text.replace(COLORS, "")
  if (/Traceback \(most recent call last\):\\[rn]/.test(plain))
    plain = plain.replace(/(?:\\r)?\\n/g, "\n").replace(/\\"/g, '"')
  if (/<(?:pre|br|html|body)\b/i.test(plain)) plain = plain.replace(TAGS, "")
  if (/&(?:lt|gt|quot|amp|#\d+|#x[\da-f]+);/i.test(plain)) plain = unescape(plain)
  return plain.split(/\r\n|[\n\r\u2028\u2029]/).map(clipped)
}

const ENTITIES = { lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'", "#x27": "'" }
const unescape = text => text.replace(/&(#?\w+);/g, (entity, name) => ENTITIES[name] ?? entity)
const clipped = line =>
  line.length > WIDEST ? `${line.slice(0, WIDEST / 2)} ... ${line.slice(-WIDEST / 2)}` : line

const bare = line => line.replace(START, "").trim().replace(END, "").trim()

// The release that the paths name, or the text: [major, minor, patch]; the patch may be missing.
export function release(text) {
  const found = [
    ...text.matchAll(/python[-_ ]?(\d)\.(\d{1,2})(?:\.(\d+))?/gi),
    ...text.matchAll(/versions[\\/](\d)\.(\d{1,2})(?:\.(\d+))?/gi),
    ...text.matchAll(/python(\d)(\d{1,2})[\\/]()/gi)
  ].map(match => match.slice(1, 4))
  const counted = new Map()
  for (const [major, minor] of found) {
    const name = `${major}.${minor}`
    counted.set(name, (counted.get(name) ?? 0) + 1)
  }
  const most = [...counted].sort(([, one], [, other]) => other - one)[0]?.[0]
  if (!most) return
  const patches = found.filter(([major, minor, patch]) => patch && `${major}.${minor}` === most)
  return [...most.split("."), patches[0]?.[2]].filter(Boolean).map(Number)
}

// Whether a row is about a release, of which the patch may not be known. What is older than all
// that the site is checked on is taken for the oldest.
function about(row, python) {
  if (!python || !row.releases.length) return true
  const [, minor, patch] = python[0] < 3 ? [3, 0] : python
  const first = Math.max(minor * 100 + (patch ?? 0), OLDEST)
  const last = patch === undefined ? Math.max(minor * 100 + 99, OLDEST) : first
  return row.releases.some(([from, end]) => first < end && last >= from)
}

// Finding

export function find(text, { messages }) {
  const all = lines(text)
  const whole = all.join("\n")
  const python = release(whole)
  const around = { processes: PROCESSES.test(whole), child: CHILD.test(whole), whole }
  const hits = []
  const errors = []
  const seen = new Set()
  const end = all.findLastIndex(line => /\w/.test(line))
  let frame // the file in which the next error is raised, as far as that is known
  all.forEach((raw, at) => {
    const line = bare(raw)
    const error = line.match(ERROR)
    const place = line.match(FRAME)
    if (place) {
      const first = !AGAIN.test(line) || BY_NAME.test(all[at + 1] ?? "")
      frame = { file: place[1] ?? place[2], ours: RAISED.test(line) && first }
    }
    if (/^Traceback \(most/.test(line)) frame = undefined
    const below = /^\s/.test(raw) && FRAME.test(all[at - 1] ?? "") && !ERROR.test(all[at - 1])
    if (!line || seen.has(line) || (place && !error) || below || CODE.test(line)) return
    seen.add(line)
    const is = { ...around, frame, line }
    const tried = (how, is) => messages.map(message => how(message, is, python)).filter(Boolean)
    const found = tried(match, is)
    if (error && !found.some(hit => hit.level === SURE)) {
      const longer = joined(all, at)
      if (longer !== line) found.push(...tried(match, { ...is, line: longer }))
    }
    if (at === end && !messages.some(({ typed }) => typed && typed.test(line)))
      found.push(...tried(begun, is))
    hits.push(...found)
    if (error) errors.push({ line, frame, kind: error[1] })
    if (error) frame = undefined
  })
  return { python, hits: ranked(hits), errors, whole, ...around }
}

// A message that was wrapped to a width.
function joined(all, at) {
  const parts = [bare(all[at])]
  for (const raw of all.slice(at + 1, at + 3)) {
    const line = bare(raw)
    if (!line || FRAME.test(line) || ERROR.test(line) || CODE.test(line)) break
    parts.push(line)
  }
  return parts.join(" ")
}

function match(message, is, python) {
  const { line } = is
  if (message.ended) {
    const { letters: score } = message
    return message.ended.test(line) && { ...is, level: PERHAPS, score, message, full: true, fits: true }
  }
  if (!line.includes(message.needle)) return
  const typed = message.typed && line.match(message.typed)
  const other = !typed && message.pattern && line.match(message.raised || message.pattern)
  const alone = !typed && !other && message.letters > LONG && !message.common
  const loose = alone && line.match(message.pattern) // of another exception, or of none
  const found = typed || other || loose
  if (!found) return
  const rest = line.slice(found.index + found[0].length)
  const full = /^['")\]\s.,;]*$/.test(rest) || message.text.endsWith("...")
  if (!full && message.letters < LONG) return
  const level = levelOf(message, is, typed && full)
  if (level === NOT) return
  const causes = Math.max(message.row.pages.length, 1)
  const minor = (message.warns || !message.kind ? 10 : 1) * (loose ? 2 : 1)
  const score = (message.letters + (typed ? 10 : 0) + (full ? 10 : 0)) / causes / minor
  return { ...is, level, score, message, full, fits: about(message.row, python) }
}

// Whether a line that was cut off, as the last one of a text often is, begins as a message does.
function begun(message, is, python) {
  const { kind, text } = message
  const told = kind && text && is.line.match(RegExp(`${said(named(kind))}: +(.*)`))
  if (!told) return
  let rest = told[1]
  let has = 0
  for (const [number, part] of text.split("...").entries()) {
    const at = rest.indexOf(part)
    if (at < 0) {
      let length = Math.min(part.length, rest.length)
      while (!rest.endsWith(part.slice(0, length))) length--
      has += letters(part.slice(0, length))
      break
    }
    if (!number && at) return
    has += letters(part)
    rest = rest.slice(at + part.length)
  }
  if (has < LONG || has === message.letters || /[.)>"'\]]$/.test(is.line)) return
  const level = levelOf(message, is, false)
  return level < AROUND && { ...is, level, score: has, message, fits: about(message.row, python) }
}

// How sure it is that a message which is found means what the tables say.
function levelOf(message, is, exactly) {
  const { processes, frame } = is
  const { note } = message.row
  if (message.around) return message.kind && !processes ? NOT : AROUND
  if (message.own && exactly && message.letters > 7) return SURE
  if (!message.kind && message.letters >= SHORT) return SURE
  const any = message.common || message.alone
  if (frame?.ours) return note && any && !noted(note, is) ? PERHAPS : SURE
  if (any) {
    if (!processes) return NOT
    return (note ? noted(note, is) : !frame) ? PERHAPS : NOT
  }
  const telling = message.letters >= LONG || TOPIC.test(message.text) || TOPIC.test(message.kind)
  if (frame && !processes) return telling ? PERHAPS : NOT
  if (telling) return SYSTEM.test(message.text) && !processes ? PERHAPS : SURE
  return processes || (exactly && message.letters >= SHORT) ? PERHAPS : NOT
}

// Whether what stands in parentheses beside a message is so.
function noted(note, { whole, child, frame }) {
  if (/child|worker/.test(note))
    return child && (!frame || frame.ours || /^in a worker/.test(note))
  const words = note.match(/\w*[._(/]\w*|[A-Z]\w+|manager|tracker|thread/g) ?? []
  const plain = text => text.replace(/[(/_]/g, "").toLowerCase()
  return words.some(word => letters(word) > 3 && plain(whole).includes(plain(word)))
}

// The best first: what is sure, of the reader's Python, and telling.
function ranked(hits) {
  const before = (one, other) =>
    one.level - other.level ||
    other.fits - one.fits ||
    other.score - one.score ||
    one.message.order - other.message.order
  const sorted = hits.sort(before)
  // a row of another release, or one that a line only begins as, counts if no other explains it
  const explained = new Set(sorted.filter(hit => hit.fits && hit.full).map(hit => hit.line))
  return sorted.filter(hit => (hit.fits && hit.full) || !explained.has(hit.line))
}

// What is shown: the page that is meant, others with the same message, and others in the text.
export function answer(text, known) {
  const kept = tail(text)
  const found = find(kept, known)
  const [best] = found.hits
  const results = []
  const seen = new Set()
  for (const hit of found.hits) {
    const { row } = hit.message
    const places = row.pages.length ? row.pages : [[row.section, row.at]]
    for (const [name, at] of places) {
      const page = at.split("#")[0]
      if (seen.has(page)) continue
      seen.add(page)
      const [title, description] = known.pages[page] ?? [name, ""]
      results.push({ ...hit, row, name, at, page, title, description, same: hit.line === best.line })
    }
  }
  return { ...found, text: kept, cut: text.length - kept.length, level: best?.level ?? NOT, results }
}

// What a text is in which nothing is found.
export function unlike(text) {
  if (!text.trim()) return "nothing"
  const strange = text.slice(0, LONGEST).match(/[\0-\x08\x0e-\x1a\x1c-\x1f\ufffd]/g)?.length ?? 0
  if (strange > Math.min(text.length, LONGEST) / 100) return "binary"
  if (lines(text).some(line => ERROR.test(bare(line)))) return ""
  if (STACKS.test(text)) return "stacks"
  if (TRACE.test(text)) return ""
  if (lines(text).filter(line => STATEMENT.test(line)).length > 1) return "program"
  return "other"
}

// Showing

const paragraph = (...children) => element("p", {}, ...children)
const link = (base, at, ...name) => element("a", { href: new URL(at, base).href }, ...name)
const quotation = line => element("pre", {}, element("code", {}, line))

const WHOLE = "Paste what your program printed, from “Traceback” to the last line."
const INSTEAD = {
  nothing: ["Nothing was pasted", WHOLE],
  binary: ["This is not text", "It looks like a binary file. Paste what your program printed."],
  program: ["This is a program", "Run it, and paste the traceback, or what else it prints."],
  stacks: ["This shows where a program stands", "It is not an error."],
  other: ["No Python error was found in this text", WHOLE]
}

function shown(result, base) {
  const { text, results, level, cut } = result
  const wrong = unlike(text)
  const parts = []
  if (wrong === "binary" || (wrong && !results.length)) parts.push(...instead(wrong, base))
  else if (level > PERHAPS) parts.push(...notKnown(result, base))
  else parts.push(...cause(result, base))
  if (cut > 0) parts.push(paragraph("The text is long: only its end was read."))
  return parts
}

function instead(wrong, base) {
  const [said, more] = INSTEAD[wrong]
  const parts = [element("h2", {}, said), paragraph(more)]
  if (wrong === "stacks") {
    const page = link(base, "examples/why-it-hangs/", "Why does it hang?")
    parts.push(paragraph(page, " says what each stack means."))
  }
  if (wrong === "program") {
    const page = link(base, "check/", "check the program")
    parts.push(paragraph("Or ", page, " without running it."))
  }
  return parts
}

const SEVERAL = "One of these causes, the most common one first"

function cause({ results, level, python }, base) {
  const [best, ...more] = results
  const { row } = best
  const parts = [
    element("h2", {}, level > SURE ? "It may be this" : row.pages.length > 1 ? SEVERAL : "The cause"),
    element("p", { className: "found" }, link(base, best.at, best.title)),
    paragraph(best.description)
  ]
  if (level === PERHAPS)
    parts.push(paragraph("Other programs can print the same: compare yours with the page."))
  parts.push(paragraph("The line that gave it away:"), quotation(best.line))
  const list = link(base, row.at, "the list")
  parts.push(paragraph("It is this message of ", list, ": ", ...listedAs(best), "."))
  if (!row.printed)
    parts.push(paragraph("No program here prints it: it stands in a library, or Windows prints it."))
  if (python) parts.push(paragraph(versionOf(python, best.fits)))
  const others = more.filter(one => one.level < AROUND).slice(0, SHOWN)
  parts.push(...listed("Other causes of this message", others.filter(one => one.same), base))
  parts.push(...listed("Also in this text", others.filter(one => !one.same), base, true))
  return parts
}

function listedAs({ row, message: { kind, text } }) {
  const notes = [row.note, row.label].filter(Boolean).join("; ")
  return [element("code", {}, [kind, text].filter(Boolean).join(": ")), notes && ` (${notes})`]
}

const old = ([major, minor]) => major < 3 || minor < 11

function versionOf(python, fits = true) {
  const told = `Your text is of Python ${python.join(".")}`
  if (old(python))
    return `${told}. This site is checked on Python 3.11 and later, where messages may differ.`
  return fits ? `${told}.` : `${told}, where the message should have other words.`
}

function listed(title, results, base, withLines = false) {
  const items = results.map(({ at, title, line }) => {
    const seen = withLines ? [": ", element("code", {}, line.slice(0, 160))] : []
    return element("li", {}, link(base, at, title), ...seen)
  })
  return items.length ? [element("h3", {}, title), element("ul", {}, ...items)] : []
}

function notKnown({ results, errors, python }, base) {
  const parts = [element("h2", {}, "Not known here")]
  const last = errors.at(-1)
  if (last) {
    parts.push(paragraph("No page of this site explains this line:"), quotation(last.line))
    const { frame } = last
    if (frame && !frame.ours)
      parts.push(paragraph("It was raised in ", element("code", {}, frame.file), ": look there first."))
  }
  if (python && old(python)) parts.push(paragraph(versionOf(python)))
  parts.push(...listed("What the lines around it mean", results, base))
  const list = link(base, "errors/", "Look up an error message")
  const hangs = link(base, "examples/why-it-hangs/", "Why does it hang?")
  const todo = [
    ["Paste the whole output: the first error is often above the last one."],
    [list, ": search the list for a few words of the message."],
    ["Ask the search of this site, at the top of the page, in your own words."],
    ["If the program also hangs: ", hangs]
  ]
  const items = todo.map(parts => element("li", {}, ...parts))
  return [...parts, element("h3", {}, "What to do"), element("ul", {}, ...items)]
}

// The page

function begin(form) {
  const field = form.querySelector("textarea")
  const place = document.getElementById("diagnose-answer")
  const base = new URL("..", import.meta.url)
  let dropped = 0 // characters of the text that the field does not have
  let reading
  const read = () =>
    (reading ??= fetch(new URL("diagnose.json", import.meta.url))
      .then(got => (got.ok ? got.json() : Promise.reject(Error(got.status))))
      .then(prepare))
  const answered = async () => {
    try {
      const result = answer(field.value, await read())
      place.replaceChildren(...shown({ ...result, cut: result.cut + dropped }, base))
    } catch (error) {
      reading = undefined
      const list = link(base, "errors/", "look up the message")
      place.replaceChildren(
        paragraph("The list of messages could not be read. Try again, or ", list, ".")
      )
      console.error(error)
    }
    if (place.getBoundingClientRect().top > innerHeight / 2) place.scrollIntoView()
  }
  // A field that holds megabytes stands still: it is given the end of a long text.
  const take = (event, text) => {
    const kept = tail(text)
    if (kept === text) return
    event.preventDefault()
    field.value = kept
    dropped = text.length - kept.length
    answered()
  }
  field.addEventListener("focus", () => read().catch(() => (reading = undefined)), { once: true })
  field.addEventListener("input", ({ inputType }) => {
    dropped = 0
    if (/^insertFrom(?:Paste|Drop)/.test(inputType)) answered()
  })
  field.addEventListener("paste", event => take(event, event.clipboardData.getData("text")))
  field.addEventListener("dragover", event => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault()
  })
  field.addEventListener("drop", async event => {
    const [file] = event.dataTransfer.files
    if (!file) return take(event, event.dataTransfer.getData("text"))
    event.preventDefault() // else it is opened in place of the page
    const text = await file.slice(-LONGEST).text()
    field.value = tail(text)
    dropped = Math.max(file.size - LONGEST, 0) + text.length - tail(text).length
    answered()
  })
  form.addEventListener("submit", event => {
    event.preventDefault()
    answered()
  })
  form.inert = false
}

const form = globalThis.document?.getElementById("diagnose")
if (form) begin(form)
