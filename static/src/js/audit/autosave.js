// Saves the audit's form as a draft while somebody writes, one request at a time, and never lets go of a word before the
// server has it. What it finds out goes to `tell`: {saved, unreachable, signedOut, stranger, faulty, refused, conflict,
// typing, untouched, unkept}.
import { addressOf, pairs, read, same } from './content.js'
import { pressEnded } from './press.js'
import { current, send } from './server.js'
import { describe } from './words.js'
import { keep, letGo } from './store.js'

const KEEP_AFTER_MILLISECONDS = 250
const SEND_AFTER_MILLISECONDS = 2000
const FIRST_WAIT_MILLISECONDS = 2000
const LONGEST_WAIT_MILLISECONDS = 60_000

export class Autosave {
  constructor (form, tell, { saved, unsure = null }) {
    this.form = form
    this.tell = tell
    this.served = saved // what the page came with
    this.saved = saved // what the server has
    this.unsure = unsure // what was sent without an answer: the server may have it
    this.sending = null
    this.paused = false // while somebody chooses between two versions
    this.stopped = false // somebody else is signed in here now
    this.failures = 0
    this.renewed = false // whether a new token was fetched since the last save
  }

  get version () {
    return this.form.elements.version.value
  }

  set version (version) {
    this.form.elements.version.value = version
  }

  get isDirty () {
    return !same(read(this.form), this.saved)
  }

  // Whether the server lacks what was typed on this page. A page that came back with errors lacks more than that.
  get isTyped () {
    return this.isDirty && !same(read(this.form), this.served)
  }

  // Something was typed.
  changed () {
    if (this.stopped) return
    clearTimeout(this.keeping)
    this.keeping = setTimeout(() => this.keepNow(), KEEP_AFTER_MILLISECONDS)
    if (!this.failures && !this.paused) this.isDirty ? this.tell.typing() : this.tell.untouched()
    if (!this.paused && !this.failures) this.soon(SEND_AFTER_MILLISECONDS)
  }

  soon (milliseconds) {
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => this.flush(), milliseconds)
  }

  item () {
    const { user, case: pk, reading, reference, about } = this.form.dataset
    return {
      user,
      case: pk,
      reading,
      reference,
      about,
      version: this.version,
      content: read(this.form),
      saved: this.saved,
      sent: this.unsure,
      address: addressOf(this.form),
      words: describe(this.form, read(this.form)),
      at: new Date().toISOString()
    }
  }

  // Keeps in the browser what the server lacks, or lets go of it if nothing is lacking.
  keepNow () {
    clearTimeout(this.keeping)
    if (this.stopped) return
    if (!this.isDirty && !this.paused) letGo(this.item())
    else if (!keep(this.item())) this.tell.unkept()
  }

  // Sends what is unsent, and what is typed meanwhile. Resolves to whether the server has everything.
  async flush () {
    clearTimeout(this.waiting)
    while (this.isDirty && !this.paused && !this.stopped) {
      this.sending ??= this.sendOnce().finally(() => { this.sending = null })
      if (!(await this.sending)) return false
    }
    if (!this.isDirty) this.keepNow()
    return !this.isDirty && !this.paused
  }

  // Whether a request is under way that would make the version of a form sent now an old one.
  async settled () {
    while (this.sending) await this.sending
  }

  async sendOnce () {
    const content = read(this.form)
    const request = {
      address: addressOf(this.form),
      pairs: pairs(this.form),
      version: this.version,
      token: this.form.elements.csrfmiddlewaretoken.value
    }
    this.unsure = content
    this.keepNow()
    const answer = await send(request)
    await pressEnded()
    if (this.stopped) return false
    return this.heed(answer, content)
  }

  async heed (answer, content) {
    if (answer.is !== 'unreachable' && answer.is !== 'signed out') this.failures = 0
    if (answer.is === 'saved') this.renewed = false
    switch (answer.is) {
      case 'saved':
        this.version = answer.version
        this.saved = content
        this.unsure = null
        this.keepNow()
        this.tell.saved(answer)
        return true
      case 'conflict':
        return this.meet(answer)
      case 'foreign':
      case 'signed out':
        return this.signInAgain()
      case 'unreachable':
        this.tryLater()
        this.tell.unreachable()
        return false
      case 'faulty':
        this.unsure = null
        this.tell.faulty(answer.errors)
        return false
      default:
        this.unsure = null
        this.tell.refused(answer.detail)
        return false
    }
  }

  tryLater () {
    const wait = Math.min(FIRST_WAIT_MILLISECONDS * 2 ** this.failures, LONGEST_WAIT_MILLISECONDS)
    this.failures += 1
    this.soon(wait * (0.75 + Math.random() / 2)) // not everybody of an office at once
  }

  // The connection is back, or the person looks at the page again.
  tryNow () {
    if (this.sending || this.paused || this.stopped || !this.isDirty) return
    this.flush()
  }

  // The form as the server has it now.
  async now () {
    const page = await current(addressOf(this.form))
    await pressEnded()
    return page
  }

  // Somebody saved a newer version. It may be our own: its answer got lost on the way.
  async meet (answer) {
    const theirs = await this.now()
    if (this.stopped) return false
    if (theirs.is === 'unreachable') {
      this.tryLater()
      this.tell.unreachable()
      return false
    }
    if (theirs.is === 'signed out') return this.signInAgain()
    if (theirs.is === 'gone') {
      this.paused = true
      this.keepNow()
      this.tell.conflict({ ...answer, theirs: null })
      return false
    }
    this.useToken(theirs.token)
    const mine = read(this.form)
    if (same(theirs.content, mine) || (this.unsure && same(theirs.content, this.unsure))) {
      this.version = theirs.version
      this.saved = theirs.content
      this.unsure = null
      this.keepNow()
      if (!this.isDirty) this.tell.saved({ saved_at: '', warnings: null })
      return true
    }
    this.dispute({ ...answer, theirs })
    return false
  }

  dispute (conflict) {
    this.paused = true
    this.keepNow()
    this.tell.conflict({ ...conflict, base: this.saved, mine: read(this.form) })
  }

  // The person has chosen, and the choice stands in the form. Returns whether anything of it is to be sent: what the
  // others had is what the server has.
  resolved (theirs) {
    this.version = theirs.version
    this.saved = theirs.content
    this.unsure = null
    this.paused = false
    this.keepNow()
    return this.isDirty
  }

  useToken (token) {
    for (const input of document.querySelectorAll('input[name=csrfmiddlewaretoken]')) input.value = token
  }

  // Signed out, or signed in anew in another tab: then the page's token is an old one.
  async signInAgain () {
    const page = await this.now()
    if (this.stopped) return false
    if (page.is === 'there' && page.user === this.form.dataset.user && !this.renewed) {
      this.useToken(page.token)
      this.renewed = true
      return true // the loop sends once more
    }
    if (page.user && page.user !== this.form.dataset.user) {
      this.stopped = true
      this.tell.stranger()
      return false
    }
    this.tryLater()
    if (page.is === 'unreachable') this.tell.unreachable()
    else if (page.is === 'gone') this.tell.refused('')
    else this.tell.signedOut()
    return false
  }
}

// Content of a form as the server sent it, whatever the browser put into it since.
export function asServed (form) {
  const copy = form.cloneNode(true)
  copy.reset()
  return read(copy)
}
