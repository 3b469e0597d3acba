// The worker of the search: it speaks to the theme, and ranks pages its own way.
// The theme's own ranks sections, takes each word for the beginning of a word, and
// knows a name such as SharedMemory only in parts.
const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3] // the types of messages
const COMMON = new Set( // words that say nothing of what is asked on this site
  `a about am an and any are as at be but by can cannot could did do does for from get
  got had has have how i if in into is it its just like me my need no not of on only or
  other so some that the their then there these they this to try use used uses using
  vs want was way what when where which while why will with without would you your
  python python3 multiprocessing process processes`.split(/\s+/)
)
// BM25F (Robertson and Zaragoza, 2009): how much a word weighs in a part of a page, and how
// much of that a long part takes away.
const FIELDS = {
  title: { weight: 7, even: 0.3 },
  headings: { weight: 1.5, even: 0.3 },
  asked: { weight: 0.75, even: 0.1 }, // questions that it answers, as people put them
  description: { weight: 0.4, even: 0.5 },
  prose: { weight: 0.3, even: 0.7 },
  code: { weight: 0.04, even: 0.9 }
}
const ENOUGH = 3 // how fast more of the same word ceases to count
const SHOWN = 10 // pages
// The least score that counts as an answer, for each root of what a page could score: of a long
// question, such as a traceback, no page has most of the words.
const FITS = 0.42
const LEFT_OUT = "left-out/"

const listen = self.addEventListener.bind(self)
let index, next

listen("message", ({ data: { type, data } }) => {
  if (type === SETUP) postMessage({ type: READY })
  if (type !== QUERY) return
  clearTimeout(next) // of what came while another question was answered, only the newest counts
  next = setTimeout(() => postMessage({ type: RESULT, data: answer(data) }))
})

function answer(question) {
  if (!question.trim()) return { items: [] }
  index ??= read()
  const asked = meant(question)
  const found = rank(asked).slice(0, SHOWN)
  const stems = new Set([...asked.values()].flatMap(stems => [...stems.keys()]))
  const items = found.map(hit => [page(hit, asked, stems), ...sections(hit, stems)])
  if (!found.length || found[0].score < FITS * Math.sqrt(most(asked))) items.unshift([nothing(asked)])
  return { items, suggest: completed(question) }
}

// Reading: at the first question, the pages and the library that the theme brings along.

function read() {
  self.addEventListener = () => {} // the theme's worker listens for questions, too
  importScripts("../search/theme.js", "../search/pages.js")
  const pages = gather(self.site)
  const stems = new Map() // by word
  const stem = word =>
    stems.get(word) ??
    stems.set(word, lunr.stemmer(new lunr.Token(word)).toString()).get(word)
  const postings = new Map() // by stem: by page, how much the page has of it
  for (const [field, { weight, even }] of Object.entries(FIELDS)) {
    const texts = pages.map(page => words(page[field]).map(stem))
    const usual = texts.reduce((sum, text) => sum + text.length, 0) / texts.length
    texts.forEach((text, number) => {
      const part = weight / (1 - even + (even * text.length) / usual)
      for (const stem of text) {
        if (!postings.has(stem)) postings.set(stem, new Map())
        const has = postings.get(stem)
        has.set(number, (has.get(number) ?? 0) + part)
      }
    })
  }
  return { pages, postings, stem, known: new Set(stems.keys()) }
}

function gather(sections) {
  const pages = new Map()
  for (const section of sections) {
    const [address, heading] = section.location.split("#")
    if (!pages.has(address))
      pages.set(address, { address, headings: "", prose: "", code: "", sections: [] })
    const page = pages.get(address)
    const title = plain(section.title)
    if (heading === undefined) {
      const { description, asked } = section
      Object.assign(page, { title, description, asked: [asked].flat().join(" ") })
    } else {
      page.headings += ` ${title}`
      page.sections.push({ location: section.location, title, text: plain(section.text) })
    }
    const prose = section.text.replace(/<pre>[^]*?<\/pre>/g, code => {
      page.code += ` ${plain(code)}`
      return " "
    })
    page.prose += ` ${plain(prose)}`
  }
  return [...pages.values()]
}

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" }
const plain = html =>
  html.replace(/<[^>]+>/g, " ").replace(/&(lt|gt|quot|#39|amp);/g, entity => ENTITIES[entity])

// A name is found whole and in parts: SharedMemory, sharedmemory, shared_memory, memory. It
// ends where another script begins, which in Chinese is often without a space.
const NAME = /[\p{Script=Latin}\p{N}_]+|[^\P{L}\p{Script=Latin}]+/gu
const wordsOf = new Map() // by name: most of a text are names that were met before
function words(text) {
  const found = []
  for (const name of (text ?? "").match(NAME) ?? []) {
    if (!wordsOf.has(name)) wordsOf.set(name, taken(name))
    found.push(...wordsOf.get(name))
  }
  return found
}
function taken(name) {
  const parts = name.match(/[A-Z]+(?![a-z])|[A-Z]?[^A-Z_]+|[A-Z]/g) ?? []
  const whole = parts.length > 1 ? [parts.join("")] : []
  return [...whole, ...parts].map(word => word.toLowerCase()).filter(word => word.length > 1)
}

// Asking

// What is asked: by word, the stems that it can stand for, and how sure that is.
function meant(question) {
  const text = question.replace(/File "[^"]*", line \d+(, in \S+)?/g, " ") // of a traceback
  const all = [...new Set(words(text))]
  const telling = all.filter(word => !COMMON.has(word) && !foreign(word))
  const last = /\w$/.test(question) ? all.at(-1) : undefined // may not be finished
  const asked = new Map()
  for (const word of telling.length ? telling : all) {
    const stems = new Map()
    if (index.known.has(word)) stems.set(index.stem(word), 1)
    if (word === last || !stems.size)
      for (const other of near(word)) {
        const stem = index.stem(other)
        if (!stems.has(stem)) stems.set(stem, 0.5)
      }
    asked.set(word, stems)
  }
  return asked
}

// A word of a language in another script says nothing here: the names beside it do.
const foreign = word => !/\p{Script=Latin}|\p{N}/u.test(word) && !index.known.has(word)

// Words of the site that begin so, have a letter wrong, missing, added or swapped, or have
// this in them.
function near(word) {
  const longer = starting(word)
  if (longer.length) return short(longer)
  index.slips ??= slips(index.known)
  const mistaken = word.length > 3 ? slipped(word).flatMap(form => index.slips.get(form) ?? []) : []
  if (mistaken.length) return short(new Set(mistaken))
  return short(word.length > 4 ? [...index.known].filter(other => other.includes(word)) : [])
}

const starting = start => [...index.known].filter(word => word.startsWith(start))

const short = words => [...words].sort((one, other) => one.length - other.length).slice(0, 8)

// Two words that differ by a letter are the same when a letter of each is left out.
const slipped = word => [word, ...[...word].map((_, at) => word.slice(0, at) + word.slice(at + 1))]
function slips(words) {
  const found = new Map()
  for (const word of words)
    if (word.length > 3)
      for (const form of new Set(slipped(word)))
        found.has(form) ? found.get(form).push(word) : found.set(form, [word])
  return found
}

function rank(asked) {
  const scores = new Map()
  for (const stems of asked.values()) {
    const best = new Map() // a word counts once, as what fits best
    for (const [stem, sure] of stems)
      for (const [page, has] of index.postings.get(stem)) {
        const score = (sure * rarity(stem) * has) / (has + ENOUGH)
        if (!(best.get(page) >= score)) best.set(page, score)
      }
    for (const [page, score] of best) scores.set(page, (scores.get(page) ?? 0) + score)
  }
  return [...scores]
    .map(([number, score]) => ({ page: index.pages[number], number, score }))
    .sort((one, other) => other.score - one.score)
}

// What a page would score that had nothing but what is asked.
function most(asked) {
  let sum = 0
  for (const stems of asked.values())
    sum += Math.max(...[...stems].map(([stem, sure]) => sure * rarity(stem)), stems.size ? 0 : rarity())
  return sum
}

function rarity(stem) {
  const pages = index.postings.get(stem)?.size ?? 0
  return Math.log(1 + index.pages.length / (pages + 0.5))
}

// Answers, in the form in which the theme shows them

function page({ page, number, score }, asked, stems) {
  const terms = {}
  for (const [word, meant] of asked)
    terms[word] = [...meant.keys()].some(stem => index.postings.get(stem).has(number))
  const { address, title, description } = page
  return {
    location: address, title: marked(title, stems), text: marked(description, stems), terms, score
  }
}

// Sections of a page that have the most of what is asked; they are below the page, folded.
function sections({ page, score }, stems) {
  const counted = page.sections.map(section => {
    section.has ??= new Set(words(section.title + section.text).map(index.stem))
    return { ...section, has: [...stems].filter(stem => section.has.has(stem)).length }
  })
  return counted
    .filter(({ has }) => has)
    .sort((one, other) => other.has - one.has)
    .slice(0, 3)
    .map(({ location, title, text }) => ({
      location,
      title: marked(title, stems),
      text: marked(around(text, stems), stems),
      terms: {},
      score: score / 2
    }))
}

const meets = (name, stems) => words(name).some(word => stems.has(index.stem(word)))

function around(text, stems) {
  for (const { 0: name, index: at } of text.matchAll(NAME))
    if (meets(name, stems)) {
      const start = text.lastIndexOf(". ", at) + 1
      return text.slice(at - start > 150 ? at : start, at + 200).trim()
    }
  return text.slice(0, 200)
}

const escape = text =>
  text.replace(/[&<>]/g, sign => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign])
const marked = (text, stems) => {
  let [done, from] = ["", 0]
  for (const { 0: name, index: at } of text.matchAll(NAME))
    if (meets(name, stems)) {
      done += `${escape(text.slice(from, at))}<mark>${name}</mark>`
      from = at + name.length
    }
  return done + escape(text.slice(from))
}

function nothing(asked) {
  const unknown = [...asked].filter(([, stems]) => !stems.size).map(([word]) => word)
  const text = unknown.length
    ? `No page has ${unknown.join(", ")}. Nearest are the pages below.`
    : "No page has much of this. Nearest are the pages below."
  return {
    location: LEFT_OUT, title: "Perhaps nothing here fits", text: escape(text), terms: {}, score: Infinity
  }
}

// The last word as it may go on, for the theme to suggest.
function completed(question) {
  const start = question.match(/[a-z]{3,}$/)?.[0]
  if (!start || index.known.has(start)) return []
  return starting(start).sort((one, other) => rarity(index.stem(one)) - rarity(index.stem(other))).slice(0, 1)
}
