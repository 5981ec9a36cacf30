// Words that the server does not have yet, kept in this browser (localStorage) until it has them.
//
// One item for each page that has something unsent: {user, case, reading, reference, about, version, content, saved,
// sent, address, words, at}. `saved` is what the server had when the page last knew, `sent` what was on its way to it.

const WORDS = 'assay:audit:'
const LEAVING = 'assay:leaving'
const MOMENT_MILLISECONDS = 1500

export const pageId = crypto.getRandomValues(new Uint32Array(2)).join('')

// A lock that is held as long as the page lives tells other pages that its words are in good hands.
const alive = 'assay:page:'
navigator.locks?.request(alive + pageId, () => new Promise(() => {})).catch(() => {})

// Waits a moment: the lock of a page that is being reloaded may outlive it by a little.
async function isGone (page) {
  try {
    const signal = AbortSignal.timeout(MOMENT_MILLISECONDS)
    return await (navigator.locks?.request(alive + page, { signal }, () => true) ?? true)
  } catch {
    return false
  }
}

function all () {
  const items = []
  for (let index = 0; index < localStorage.length; index++) {
    const key = localStorage.key(index)
    if (!key.startsWith(WORDS)) continue
    try {
      items.push({ ...JSON.parse(localStorage.getItem(key)), key })
    } catch {
      items.push({ key, user: '' })
    }
  }
  return items.sort((one, other) => (one.at < other.at ? -1 : 1))
}

function guarded (work, otherwise) {
  try {
    return work()
  } catch { // storage is switched off, or full
    return otherwise
  }
}

// Keeps `item` for this page; returns whether that worked.
export function keep (item) {
  const key = [WORDS + item.user, item.case, item.reading, pageId].join(':')
  return guarded(() => { localStorage.setItem(key, JSON.stringify(item)); return true }, false)
}

export function letGo (item) {
  const key = item.key ?? [WORDS + item.user, item.case, item.reading, pageId].join(':')
  guarded(() => localStorage.removeItem(key))
}

export function keptBy (user) {
  return guarded(() => all().filter((item) => item.user === user), [])
}

// What pages that are gone have left behind, the oldest first.
export async function leftBehind (user) {
  const items = keptBy(user)
  const gone = await Promise.all(items.map((item) => isGone(item.key.split(':').pop())))
  return items.filter((item, index) => gone[index])
}

export function letGoOfOthers (user) {
  guarded(() => all().filter((item) => item.user !== user).forEach((item) => localStorage.removeItem(item.key)))
}

// Calls `then` once another tab of this browser begins to sign out.
export function whenLeaving (user, then) {
  window.addEventListener('storage', (event) => {
    if (event.key === LEAVING && event.newValue === user) then()
  })
}

// Signing out: what is kept goes once the person is out, and stays if they do not get there.
export function leave (user) {
  guarded(() => localStorage.setItem(LEAVING, user))
}

export function stay () {
  guarded(() => localStorage.removeItem(LEAVING))
}

export function hasLeft () {
  const user = guarded(() => localStorage.getItem(LEAVING), null)
  if (user === null) return
  keptBy(user).forEach(letGo)
  stay()
}

// Whether to use shortcuts is a person's own choice, and says nothing about a case: it stays.
export function choice (name, user) {
  return guarded(() => localStorage.getItem(`assay:${name}:${user}`), null)
}

export function choose (name, user, value) {
  guarded(() => localStorage.setItem(`assay:${name}:${user}`, value))
}
