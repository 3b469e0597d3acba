// The model of the race stepper: processes that each load a shared value, add 1 and store it.
// Whose turn it is, such as ABABAB, is a schedule. The address has it, after how many processes
// there are and how often each adds: #2x1-ABABAB, or #2x1-lock-AAABBB.

export const NAMES = "ABC"
const STEPS = ["LOAD", "ADD", "STORE"] // of one increment
const ADDRESS = /^#([23])x([1-3])(-lock)?(?:-([ABC]+))?$/

// A state is the shared value, and of each process, which is a number here, how many
// steps it has made and what it has loaded. A lock is held from a LOAD to its STORE.

const first = ({ processes }) => ({
  value: 0,
  made: Array(processes).fill(0),
  loaded: Array(processes).fill(0)
})

export const nextStep = ({ made }, who) => STEPS[made[who] % STEPS.length]
export const isDone = ({ made }, { increments }, who) => made[who] === STEPS.length * increments
export const holder = ({ made }, { lock }) => (lock ? made.findIndex(count => count % STEPS.length) : -1)

// The processes that are neither done, nor waiting for the one that holds the lock.
function able(state, setting) {
  const holds = holder(state, setting)
  if (holds >= 0) return [holds]
  return [...state.made.keys()].filter(who => !isDone(state, setting, who))
}

function after(state, who) {
  const step = nextStep(state, who)
  const { value, made, loaded } = state
  return {
    value: step === "STORE" ? loaded[who] + 1 : value,
    made: made.with(who, made[who] + 1),
    loaded: step === "ADD" ? loaded : loaded.with(who, step === "LOAD" ? value : 0)
  }
}

// What happens in a schedule, step by step, and who can make a step after it. Where a process
// cannot make its step, an error says so.
export function run(setting, schedule) {
  const events = []
  let state = first(setting)
  for (const name of schedule) {
    const who = NAMES.indexOf(name)
    if (!able(state, setting).includes(who)) {
      const why = "it is done, waits for the lock, or does not run"
      throw Error(`${name} cannot make step ${events.length + 1} of this address: ${why}.`)
    }
    const step = nextStep(state, who)
    const number = step === "LOAD" ? state.value : state.loaded[who] + 1
    const loads = events.findLastIndex(event => event.name === name && event.step === "LOAD")
    const since = events.slice(loads).filter(event => event.step === "STORE")
    const over = step === "STORE" ? [...new Set(since.map(event => event.name))] : []
    state = after(state, who)
    events.push({ name, step, number, over, value: state.value })
  }
  return { events, state, can: able(state, setting).map(who => NAMES[who]) }
}

// How many schedules end with each total, and one of them. States that differ only in the names
// of the processes are counted together, so that thousands are left of billions of schedules.
export function outcomes(setting) {
  let found = [{ state: first(setting), schedules: 1, schedule: "" }]
  for (let left = stepsOf(setting); left; left--) {
    const next = new Map()
    for (const { state, schedules, schedule } of found)
      for (const who of able(state, setting)) {
        const reached = after(state, who)
        const number = key(reached)
        const known = next.get(number)
        if (known) known.schedules += schedules
        else next.set(number, { state: reached, schedules, schedule: schedule + NAMES[who] })
      }
    found = [...next.values()]
  }
  return found
    .map(({ state, schedules, schedule }) => ({ total: state.value, schedules, schedule }))
    .sort((one, other) => one.total - other.total)
}

export const stepsOf = ({ processes, increments }) => processes * increments * STEPS.length

// A number for a state, whatever its processes are called; no count in it has two digits.
function key({ value, made, loaded }) {
  const processes = made.map((count, who) => 10 * count + loaded[who]).sort((one, other) => one - other)
  return processes.reduce((sum, process) => 100 * sum + process, value)
}

export function read(hash) {
  const [, processes, increments, lock, schedule = ""] = ADDRESS.exec(hash) ?? []
  if (!processes) throw Error("This address names no schedule: one ends like #2x1-ABABAB.")
  const setting = { processes: +processes, increments: +increments, lock: Boolean(lock) }
  run(setting, schedule)
  return { setting, schedule }
}

export const address = ({ processes, increments, lock }, schedule) =>
  `#${processes}x${increments}${lock ? "-lock" : ""}${schedule && `-${schedule}`}`
