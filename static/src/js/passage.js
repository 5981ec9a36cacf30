// Words selected in the section are quoted in the comment about it, unless something else was typed there.

export function quoteSelection (form) {
  const source = document.querySelector('[data-passage-source]')
  const field = form.querySelector('[name="passage"]')
  if (!source || !field) return
  let quoted = field.value
  const quote = () => {
    const selection = document.getSelection()
    const words = wordsWithin(source, selection)
    if (!words || field.value !== quoted) return
    quoted = words.slice(0, Number(form.dataset.longest))
    field.value = quoted
    // What counts the characters left listens to this.
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  document.addEventListener('selectionchange', quote)
  quote() // somebody may have been quicker than this script
}

// Three clicks on the last paragraph select up to what comes after the section: only what is within counts.
function wordsWithin (source, selection) {
  const inside = [selection.anchorNode, selection.focusNode].map((node) => source.contains(node))
  if (!inside.includes(true)) return ''
  if (!inside.includes(false)) return selection.toString().trim()
  const range = selection.getRangeAt(0).cloneRange()
  if (source.contains(range.startContainer)) range.setEndAfter(source.lastChild)
  else range.setStartBefore(source.firstChild)
  return range.toString().trim()
}
