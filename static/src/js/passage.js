// Words selected in the section are quoted in the comment about it, unless something else was typed there.

export function quoteSelection (form) {
  const source = document.querySelector('[data-passage-source]')
  const field = form.querySelector('[name="passage"]')
  if (!source || !field) return
  let quoted = field.value
  document.addEventListener('selectionchange', () => {
    const selection = document.getSelection()
    const words = selection.toString().trim()
    if (!words || !source.contains(selection.anchorNode) || !source.contains(selection.focusNode)) return
    if (field.value !== quoted) return
    quoted = words.slice(0, Number(form.dataset.longest))
    field.value = quoted
    // What counts the characters left listens to this.
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}
