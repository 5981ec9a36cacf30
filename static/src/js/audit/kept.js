// On every page: words that another page could not send are sent now, or the person is told that they are still here.
// They go when the person signs out, which asks first, and when somebody else signs in.
import { pairsOf, same, WRITTEN } from './content.js'
import { wordsOfPart } from './conflict.js'
import { current, send } from './server.js'
import { hasLeft, keptBy, leave, leftBehind, letGo, letGoOfOthers, stay } from './store.js'
import { words } from './words.js'

const PATIENCE_MILLISECONDS = 5000
const user = document.body.dataset.user
let lastWords = async () => true

// What to do before a person is asked about unsent words.
export function beforeSigningOut (work) {
  lastWords = work
}

export function lookAfterKeptWords () {
  if (!user) {
    hasLeft()
    return
  }
  stay()
  letGoOfOthers(user)
  for (const form of document.querySelectorAll('form[data-module="assay-sign-out"]')) guard(form)
  if (document.querySelector(WRITTEN)) return
  warnBeforeLeaving()
  deliver()
  window.addEventListener('online', deliver)
}

function guard (form) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (!navigator.onLine) {
      document.querySelector('[data-kept-words]').replaceChildren(words('kept-no-sign-out'))
      return
    }
    const isAsked = 'asked' in form.dataset
    if (!isAsked) await Promise.race([lastWords(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS))])
    if (keptBy(user).length && !isAsked) {
      location.assign(form.action)
      return
    }
    leave(user)
    form.submit()
  })
}

// The page that asks whether to sign out says what would be lost.
function warnBeforeLeaving () {
  const place = document.querySelector('[data-lost-by-leaving]')
  const items = keptBy(user)
  if (!place || !items.length) return
  place.append(words('lost-by-leaving'))
  const list = place.querySelector('ul')
  for (const item of items) list.append(words('kept-case', { ...item, title: capitalised(item.about ?? item.reference) }))
}

function capitalised (text) {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}

async function deliver () {
  for (const item of await leftBehind(user)) tell(item, await outcomeOf(item))
}

// Returns 'saved', 'unreachable', 'choose' (the person has to open the case), or 'closed' (nobody can save it now).
async function outcomeOf (item, isSecond = false) {
  const token = document.querySelector('input[name=csrfmiddlewaretoken]')?.value ?? ''
  const answer = await send({ ...item, pairs: pairsOf(item.content), token })
  if (answer.is === 'saved') return 'saved'
  if (answer.is === 'unreachable' || answer.is === 'signed out') return 'unreachable'
  if (answer.is === 'faulty') return 'choose'
  if (answer.is !== 'conflict') return 'closed'
  const theirs = await current(item.address)
  if (theirs.is === 'unreachable') return 'unreachable'
  if (theirs.is !== 'there') return 'closed'
  if (same(theirs.content, item.content)) return 'saved'
  if (isSecond || !item.sent || !same(theirs.content, item.sent)) return 'choose'
  return outcomeOf({ ...item, version: theirs.version }, true)
}

function tell (item, outcome) {
  if (outcome === 'saved') letGo(item)
  const id = `kept-${item.key}`
  document.getElementById(id)?.remove()
  const notice = document.createElement('div')
  notice.id = id
  const named = { ...item, about: item.about ?? item.reference }
  notice.append(words(`kept-${outcome}`, named))
  notice.querySelector('[data-parts]')?.append(...item.words.map(([label, text]) => wordsOfPart(label, text)))
  notice.querySelector('[data-discard]')?.addEventListener('click', () => {
    letGo(item)
    notice.replaceChildren(words('kept-discarded', named))
  })
  document.querySelector('[data-kept-words]').append(notice)
}
