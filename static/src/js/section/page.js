// The page of a section: saves by itself while somebody writes, keeps what cannot be sent, and shows the preview anew.
// What the audit's page does of that is done by the same parts (../audit).
import { Autosave, asServed } from '../audit/autosave.js'
import { tellItIsClosed } from '../audit/conflict.js'
import { addressOf, read, same, write } from '../audit/content.js'
import { beforeSigningOut } from '../audit/kept.js'
import { showErrors } from '../audit/remarks.js'
import { current } from '../audit/server.js'
import { State, showRestored } from '../audit/state.js'
import { leftBehind, letGo, whenLeaving } from '../audit/store.js'
import { describe, plainWords, words } from '../audit/words.js'
import { startPicker } from './picker.js'
import { Preview } from './preview.js'
import { narrowTabs } from './tabs.js'

export async function start (form) {
  const preview = new Preview(form)
  narrowTabs(form, preview)
  const picker = document.querySelector('[data-module="assay-picker"]')
  if (picker) startPicker(picker, form)
  if ('disputed' in form.dataset) {
    waitForSave(form)
    form.dataset.ready = ''
    return
  }
  const state = new State(form)
  const tell = {
    saved: (answer) => {
      state.saved(answer)
      showErrors(form, {})
    },
    faulty: (errors) => {
      state.faulty()
      showErrors(form, errors)
    },
    conflict: (conflict) => showConflict(form, state, conflict),
    ...Object.fromEntries(['typing', 'untouched', 'unreachable', 'signedOut', 'stranger', 'refused', 'unkept'].map(
      (name) => [name, (detail) => state[name](detail)]
    ))
  }
  const autosave = new Autosave(form, tell, { saved: asServed(form) })

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

  form.dataset.ready = ''
  if ('unsaved' in form.dataset) await takeOver(form, autosave)
  if (autosave.isTyped) autosave.changed() // before this script came
  await restore(form, autosave)
}

async function leftHere (form) {
  const items = await leftBehind(form.dataset.user)
  return items.filter((item) => item.case === form.dataset.case && item.reading === form.dataset.reading)
}

// Puts back into the form what a page that is gone could not send.
async function restore (form, autosave) {
  const items = await leftHere(form)
  const item = items.at(-1)
  if (!item) return
  if (same(item.content, read(form))) {
    letGo(item)
    return restore(form, autosave)
  }
  if (autosave.isTyped) return (await autosave.flush()) && restore(form, autosave)
  const served = autosave.saved
  const isBase = item.version === autosave.version || (item.sent && same(item.sent, served))
  write(form, item.content, () => [])
  if (!isBase) {
    autosave.version = item.version
    autosave.saved = item.saved
    autosave.dispute({ by: '', theirs: {} })
    letGo(item)
    return
  }
  autosave.keepNow()
  letGo(item)
  showRestored(form, item)
  if (await autosave.flush()) await restore(form, autosave)
}

// What stands in the form need not be what the server has: the page came back with errors, or from a preview. (An older
// version is not taken over: until somebody changes or saves it, it is there to be read.)
async function takeOver (form, autosave) {
  const theirs = await current(addressOf(form))
  if (theirs.is !== 'there' || theirs.version !== autosave.version) return
  autosave.saved = theirs.content
}

function showConflict (form, state, { by, theirs }) {
  state.waitingForChoice()
  if (!theirs) {
    tellItIsClosed(form, { by, mine: read(form) }, describe)
    return
  }
  document.querySelector('[data-dispute]')?.remove()
  const panel = document.createElement('div')
  panel.dataset.dispute = ''
  panel.append(words('conflict', { name: by || plainWords('somebody-else') }))
  panel.querySelector('[data-compare]').addEventListener('click', () => form.requestSubmit())
  form.before(panel)
}

// The page that shows both versions saves nothing by itself. Once the person saves, they have seen what it shows.
function waitForSave (form) {
  const shown = asServed(form)
  form.addEventListener('submit', async () => {
    for (const item of await leftHere(form)) if (same(item.content, shown)) letGo(item)
  })
}

// A button sends the form as ever, but only once the text is safe, so that no save of ours makes the form's version an
// old one. In a conflict the server shows both versions.
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
    if (!saved && !['faulty', 'refused', 'conflict'].includes(state.kind)) return
    await new Promise((resolve) => setTimeout(resolve)) // a form cannot be sent anew while it tells of being sent
    isSafe = true
    form.requestSubmit(event.submitter)
  })
}
