// The race stepper: makes the steps of race-model.js by buttons and keys, and shows them. The
// schedule stands in the address. Nothing is sent.

import { element } from "./element.js"
import { NAMES, address, holder, isDone, nextStep, outcomes, read, run, stepsOf } from "./race-model.js"

const FRESH = { processes: 2, increments: 1, lock: false }
const PAUSE = 400 // milliseconds between two steps that are played

const digits = count => count.toLocaleString("en-US")

function told({ processes, increments, lock }, { events, state, can }) {
  if (!events.length) return "No step is made yet. Step a process."
  const { name, step, number, over } = events.at(-1)
  const goal = processes * increments
  const lost = goal - state.value
  return [
    step === "LOAD" && `${name} ${lock ? "acquires the lock and " : ""}loads ${number}.`,
    step === "ADD" && `${name} adds 1 and has ${number} in its register.`,
    step === "STORE" && `${name} stores ${number}${lock ? " and releases the lock" : ""}.`,
    over.length && `That overwrites what ${over.join(" and ")} stored after ${name} had loaded.`,
    !can.length && `The end: the total is ${state.value}, ${lost ? `not ${goal}.` : "as it should be."}`,
    !can.length && lost && (lost === 1 ? "1 update is lost." : `${lost} updates are lost.`)
  ].filter(Boolean).join(" ")
}

function begin(form) {
  const find = selector => form.querySelector(selector)
  const said = find("[role=status]")
  let setting = FRESH
  let schedule = "" // the steps that were made
  let undone = "" // the steps that come next, if they are made again
  let playing
  let counted // the setting of which all schedules are counted, as its address

  function show() {
    const { state, can } = run(setting, schedule)
    for (const name of ["processes", "increments"]) form[name].value = setting[name]
    form.lock.checked = setting.lock
    find("[data-increments]").textContent = setting.increments
    for (const part of form.querySelectorAll("[data-with]")) part.hidden = !setting.lock
    find(".stepper-value").textContent = state.value
    for (const here of form.querySelectorAll("[data-line] td:first-child")) here.textContent = ""
    for (const [who, name] of [...NAMES].entries()) {
      for (const part of form.querySelectorAll(`[data-of=${name}]`)) part.hidden = who >= setting.processes
      if (who < setting.processes) showProcess(state, who, can.includes(name))
    }
    find(".stepper-steps").replaceChildren(...rows(run(setting, schedule + undone).events))
    enable("restart", schedule)
    enable("back", schedule)
    enable("next", undone)
    form.play.textContent = playing ? "Stop" : "Play at random"
    said.ariaBusy = playing ? "true" : "false" // of what is played, only the end is said
    said.textContent = told(setting, run(setting, schedule))
    if (counted && counted !== address(setting, "")) showAll()
  }

  function showProcess(state, who, can) {
    const name = NAMES[who]
    const step = nextStep(state, who)
    const done = isDone(state, setting, who)
    find(`[data-line=${done ? "end" : setting.lock && step === "LOAD" ? "with" : step}] td`).append(`${name} `)
    const number = step === "STORE" ? state.loaded[who] + 1 : state.loaded[who]
    find(`[data-of=${name}] strong`).textContent = step === "LOAD" ? "empty" : number
    const waits = done ? "is done" : `waits for ${NAMES[holder(state, setting)]}`
    form[name].textContent = can ? `${name}: ${step}` : `${name} ${waits}`
    enable(name, can)
  }

  // One for each step that there will be, so that nothing moves while they are made.
  const rows = events => Array.from({ length: stepsOf(setting) }, (_, at) => {
    const event = events[at]
    const cells = [...NAMES.slice(0, setting.processes)].map(name => {
      const cell = element("td", {}, event?.name === name ? `${event.step} ${event.number}` : "")
      if (event?.name === name && event.over.length) cell.append(" ✗")
      return cell
    })
    const row = element("tr", {}, element("th", { scope: "row" }, at + 1), ...cells)
    row.append(element("td", {}, event?.value ?? ""))
    if (event && at >= schedule.length) row.className = "undone"
    if (at === schedule.length - 1) row.ariaCurrent = "step"
    return row
  })

  function showAll() {
    const found = outcomes(setting)
    const all = found.reduce((sum, { schedules }) => sum + schedules, 0)
    const wrong = all - found.at(-1).schedules // the highest total is the right one
    const lines = found.map(({ total, schedules, schedule }) => {
      const bar = element("progress", { max: all, value: schedules, ariaHidden: "true" })
      const one = element("a", { href: address(setting, schedule) }, schedule)
      const cells = [[digits(schedules), bar], [one]].map(parts => element("td", {}, ...parts))
      return element("tr", {}, element("th", { scope: "row" }, total), ...cells)
    })
    find(".stepper-all p").textContent = `${digits(wrong)} of ${digits(all)} schedules end with a wrong total.`
    find(".stepper-all tbody").replaceChildren(...lines)
    find(".stepper-all").hidden = false
    counted = address(setting, "")
  }

  // A button that can do nothing now keeps the focus of who has pressed it.
  const enable = (name, can) => (form[name].ariaDisabled = can ? "false" : "true")

  function go(made, next = "") {
    schedule = made
    undone = next
    show()
    history.replaceState(null, "", address(setting, schedule))
  }

  const step = name => go(schedule + name, undone[0] === name ? undone.slice(1) : "")

  function play() {
    if (!run(setting, schedule).can.length) schedule = ""
    playing = setInterval(() => {
      const { can } = run(setting, schedule)
      if (stepsOf(setting) === schedule.length + 1) stop()
      step(can[Math.floor(can.length * Math.random())])
    }, PAUSE)
    go(schedule)
  }

  function stop() {
    clearInterval(playing)
    playing = undefined
  }

  function press(name) {
    if (form[name].ariaDisabled === "true") return
    const played = playing
    stop()
    if (NAMES.includes(name)) step(name)
    else if (name === "restart") go("", schedule + undone)
    else if (name === "back") go(schedule.slice(0, -1), schedule.at(-1) + undone)
    else if (name === "next") step(undone[0])
    else if (name === "play" && !played) play()
    else show()
    if (name === "all") showAll()
  }

  // What the address names; another place of this page is left to the browser.
  function open() {
    let problem
    try {
      if (location.hash) ({ setting, schedule } = read(location.hash))
    } catch ({ message }) {
      if (document.getElementById(location.hash.slice(1))) return show()
      ;[setting, schedule, problem] = [FRESH, "", message]
    }
    stop()
    undone = ""
    show()
    if (problem) said.textContent = `${problem} This is a fresh start.`
    if (location.hash) form.scrollIntoView()
  }

  form.addEventListener("click", ({ target }) => target.name && target.type === "button" && press(target.name))
  form.addEventListener("keydown", ({ key, ctrlKey, altKey, metaKey }) => {
    const name = key.toUpperCase()
    if (!(ctrlKey || altKey || metaKey) && /^[ABC]$/.test(name) && !find(`[data-of=${name}]`).hidden) press(name)
  })
  form.addEventListener("change", () => {
    stop()
    const { processes, increments, lock } = form
    setting = { processes: +processes.value, increments: +increments.value, lock: lock.checked }
    go("")
  })
  form.addEventListener("submit", event => event.preventDefault())
  addEventListener("hashchange", open)
  open()
  if (location.hash && schedule) addEventListener("load", () => form.scrollIntoView()) // not the table
  form.inert = false
}

const form = globalThis.document?.getElementById("stepper")
if (form) begin(form)
