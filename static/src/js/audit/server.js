// Talks to the server: sends the content of the audit's form, and reads the form as the server has it now.
import { read, WRITTEN } from './content.js'

const PATIENCE_MILLISECONDS = 30_000
const MOST_KEPT_ALIVE = 60_000 // bytes: what browsers send on even when the page goes

// Returns {is: 'saved', version, saved_at, warnings} | {is: 'conflict', by, …} | {is: 'faulty', errors}
// | {is: 'refused', detail} | {is: 'signed out'} | {is: 'foreign'} (the form's token is not this session's)
// | {is: 'unreachable'}; the server may have saved what was sent even then.
// `pairs` are the names and values of the form.
export async function send ({ address, pairs, version, token }) {
  const body = new URLSearchParams([...pairs, ['version', version], ['action', 'autosave']])
  body.set('csrfmiddlewaretoken', token)
  let response
  try {
    response = await fetch(address, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json' },
      credentials: 'same-origin',
      redirect: 'manual',
      keepalive: body.toString().length < MOST_KEPT_ALIVE,
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS)
    })
  } catch {
    return { is: 'unreachable' }
  }
  if (response.type === 'opaqueredirect') return { is: 'signed out' }
  const answer = await said(response)
  if (response.status === 401) return { is: 'signed out' }
  if (response.status >= 500 || response.status === 429) return { is: 'unreachable' }
  if (response.ok && answer) return { is: 'saved', ...answer }
  if (response.status === 409 && answer) return { is: 'conflict', ...answer }
  if (response.status === 400 && answer) return { is: 'faulty', errors: answer.errors ?? {} }
  if (response.status === 403 && !answer) return { is: 'foreign' }
  return { is: 'refused', detail: answer?.detail ?? '' }
}

async function said (response) {
  try {
    return await response.json()
  } catch {
    return null
  }
}

// Returns {content, version, token, user, form} as the server has the form, {is: 'signed out'}, {is: 'unreachable'},
// or {is: 'gone'} where there is no form to write in any more.
export async function current (address) {
  let response
  let page
  try {
    response = await fetch(address, {
      headers: { Accept: 'text/html' },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS)
    })
    if (response.status >= 500) return { is: 'unreachable' }
    page = new DOMParser().parseFromString(await response.text(), 'text/html')
  } catch {
    return { is: 'unreachable' }
  }
  if (!page.body.dataset.user) return { is: 'signed out' }
  const form = page.querySelector(WRITTEN)
  if (!form) return { is: 'gone', user: page.body.dataset.user }
  return {
    is: 'there',
    content: read(form),
    version: form.elements.version.value,
    token: form.elements.csrfmiddlewaretoken.value,
    user: page.body.dataset.user,
    form
  }
}
