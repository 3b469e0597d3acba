// The search takes every word as the beginning of a word, also "a", "to" or "not",
// so a question typed as a sentence finds what begins like its smallest words.
// Here only the last word is, for it may not be finished. `^1` marks a whole word.
const WORD = /[\p{L}\p{N}]+/gu
const EVERYWHERE = /^(python|multiprocessing|process|processes|.)$/i // say nothing here
const QUERY = 2 // the type of the message that asks

function wholeWords(query) {
  const all = query.match(WORD) ?? []
  const telling = all.filter(word => !EVERYWHERE.test(word))
  const words = telling.length ? telling : all
  const last = /\s$/.test(query) || words.at(-1) !== all.at(-1) ? [] : all.slice(-1)
  return [...words.map(word => `${word}^1`), ...last].join(" ")
}

const listen = self.addEventListener.bind(self)
self.addEventListener = (type, handler) =>
  listen(type, ({ data }) =>
    handler({
      data: data.type === QUERY ? { ...data, data: wholeWords(data.data) } : data
    })
  )
importScripts(`javascripts/workers/${self.location.search.slice(1)}`)
