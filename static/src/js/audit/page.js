// Puts the parts of the audit's page together.
import { Autosave, asServed } from './autosave.js'
import { choose, tellItIsClosed } from './conflict.js'
import { addressOf, read, same, write } from './content.js'
import { beforeSigningOut } from './kept.js'
import { showErrors, showWarnings } from './remarks.js'
import { Rows } from './rows.js'
import { current } from './server.js'
import { Shortcuts } from './shortcuts.js'
import { State, showRestored } from './state.js'
import { leftBehind, letGo, whenLeaving } from './store.js'
import { announce, describe } from './words.js'

export async function start (form) {
  const state = new State(form)
  const tell = {
    saved: (answer) => {
      state.saved(answer)
      showErrors(form, {})
      if (answer.warnings) showWarnings(form, answer.warnings)
    },
    faulty: (errors) => {
      state.faulty()
      showErrors(form, errors)
    },
    conflict: (conflict) => settle(conflict),
    ...Object.fromEntries(['typing', 'untouched', 'unreachable', 'signedOut', 'stranger', 'refused', 'unkept'].map(
      (name) => [name, (detail) => state[name](detail)]
    ))
  }
  const autosave = new Autosave(form, tell, { saved: asServed(form) })
  const rows = new Rows(form)

  async function settle (conflict) {
    state.waitingForChoice()
    if (!conflict.theirs) {
      tellItIsClosed(form, { ...conflict, mine: read(form) }, describe)
      return
    }
    const theirs = await choose(form, conflict, rows)
    rows.refresh()
    form.elements.grade?.[0]?.focus()
    if (autosave.resolved(theirs)) state.typing()
    else state.saved({})
    await autosave.flush()
    await restore()
  }

  // Puts back into the form what a page that is gone could not send.
  async function restore () {
    const items = await leftBehind(form.dataset.user)
    const item = items.findLast((one) => one.case === form.dataset.case && one.reading === form.dataset.reading)
    if (!item) return
    const served = { content: autosave.saved, version: autosave.version }
    if (same(item.content, read(form))) {
      letGo(item)
      return restore()
    }
    if (autosave.isTyped) return (await autosave.flush()) && restore()
    const isBase = item.version === served.version || (item.sent && same(item.sent, served.content))
    write(form, item.content, (kind, count) => rows.need(kind, count))
    rows.refresh()
    if (!isBase) {
      autosave.version = item.version
      autosave.saved = item.saved
      autosave.dispute({ by: '', theirs: served })
      letGo(item)
      return
    }
    autosave.keepNow()
    letGo(item)
    showRestored(form, item)
    if (await autosave.flush()) await restore()
  }

  form.addEventListener('input', () => autosave.changed())
  form.addEventListener('change', () => autosave.changed())
  form.addEventListener('focusout', () => autosave.tryNow())
  document.addEventListener('visibilitychange', () => {
    autosave.keepNow()
    autosave.tryNow()
  })
  window.addEventListener('pagehide', () => autosave.keepNow())
  window.addEventListener('online', () => autosave.tryNow())
  whenLeaving(form.dataset.user, () => {
    autosave.stopped = true
    state.stranger()
  })
  beforeSigningOut(() => autosave.flush())
  sendOnlyWhatIsSaved(form, autosave, state)
  new Shortcuts(form, { rows, save: () => autosave.flush().then(() => state.repeat()) })
  announce(form.querySelector('[data-progress]')?.textContent)

  form.dataset.ready = ''
  if (document.querySelector('.govuk-error-summary')) await takeOver(form, autosave)
  if (autosave.isTyped) autosave.changed() // before this script came
  await restore()
}

// The page came back with errors: what stands in the form need not be what the server has.
async function takeOver (form, autosave) {
  const theirs = await current(addressOf(form))
  if (theirs.is !== 'there' || theirs.version !== autosave.version) return
  autosave.saved = theirs.content
  autosave.keepNow()
}

// A button that leads to another page sends the form as ever, but only once the draft is safe; so nothing that was typed
// can be lost on the way, and no save of ours makes the form's version an old one.
function sendOnlyWhatIsSaved (form, autosave, state) {
  let isSafe = false
  form.addEventListener('submit', async (event) => {
    if (isSafe) {
      isSafe = false
      return
    }
    event.preventDefault()
    await autosave.settled()
    const saved = await autosave.flush()
    if (!saved && !['faulty', 'refused'].includes(state.kind)) return
    await new Promise((resolve) => setTimeout(resolve)) // a form cannot be sent anew while it tells of being sent
    isSafe = true
    form.requestSubmit(event.submitter)
  })
}
