// Shows how the form stands: saved when, or why not. Listeners hear of a change of kind, not of every save.
import { announce, dateAndTimeOf, plainWords, timeOf, words } from './words.js'

export class State {
  constructor (form) {
    this.form = form
    this.place = form.querySelector('[data-save-state]')
    this.kind = 'untouched'
    this.before = [...this.place.childNodes] // what is said while nothing is unsaved
  }

  show (kind, values = {}, { aloud = kind !== this.kind } = {}) {
    const copy = words(`state-${kind}`, values)
    const isProblem = !['typing', 'saved'].includes(kind)
    this.place.classList.toggle('assay-save-state--problem', isProblem)
    if (this.place.textContent !== copy.textContent) this.place.replaceChildren(copy)
    if (kind === 'typing') return // what was said last still stands
    this.before = [...this.place.childNodes]
    if (aloud) announce(plainWords(`state-${kind}`, values))
    this.kind = kind
  }

  saved ({ saved_at: at }) {
    this.show('saved', { time: at || timeOf(new Date()) })
  }

  typing () {
    this.show('typing')
  }

  // What was typed was taken back.
  untouched () {
    this.place.replaceChildren(...this.before)
  }

  // Somebody asks.
  repeat () {
    announce(this.place.textContent.replace(/\s+/g, ' ').trim())
  }

  unreachable () {
    this.show('unreachable')
  }

  signedOut () {
    this.show('signed-out')
  }

  stranger () {
    this.show('stranger')
  }

  refused (detail) {
    this.show('refused', { detail })
  }

  faulty () {
    this.show('faulty')
  }

  unkept () {
    this.show('unkept')
  }

  waitingForChoice () {
    this.show('conflict')
  }
}

// Tells above the form that words were found in this browser.
export function showRestored (form, item) {
  document.querySelector('[data-restored]')?.remove()
  const notice = document.createElement('div')
  notice.dataset.restored = ''
  notice.append(words('restored', { moment: dateAndTimeOf(new Date(item.at)) }))
  form.before(notice)
  announce(plainWords('restored', { moment: dateAndTimeOf(new Date(item.at)) }))
}
