'use strict';

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function shares(answer) {
  if (answer.probabilities) return Object.entries(answer.probabilities);
  if (Array.isArray(answer.classes)) return answer.classes.map(one => [one.class, one.confidence]);
  return [];
}

function bars(answer) {
  const rows = shares(answer).filter(([, share]) => typeof share === 'number')
    .sort((a, b) => b[1] - a[1]).slice(0, 5);
  const list = element('div', undefined, 'bars');
  for (const [label, share] of rows) {
    const bar = element('progress');
    bar.max = 1;
    bar.value = share;
    bar.setAttribute('aria-label', label);
    list.append(element('span', label), bar, element('span', (100 * share).toFixed(1) + ' %'));
  }
  return rows.length ? list : undefined;
}

function zeros(dims, zero) {
  return dims.length ? Array(dims[0]).fill(zeros(dims.slice(1), zero)) : zero;
}

function made(form) {
  const inputs = Object.entries(JSON.parse(form.dataset.zeros))
    .map(([name, input]) => [name, zeros(input.shape, input.zero)]);
  return JSON.stringify({inputs: Object.fromEntries(inputs)});
}

function shortened(text) {
  return text.length > 20000 ? text.slice(0, 20000) + '\n…' : text;
}

async function predict(form) {
  const answer = form.querySelector('.answer');
  const button = form.querySelector('button');
  const file = form.elements.file && form.elements.file.files[0];
  answer.replaceChildren();
  button.disabled = true;
  const began = performance.now();
  try {
    const response = await fetch('/predict/' + encodeURIComponent(form.dataset.model), {
      method: 'POST',
      headers: {'Content-Type': file && !form.dataset.zeros ? file.type || 'application/octet-stream' : 'application/json'},
      body: file || (form.dataset.zeros ? made(form) : form.elements.body.value)
    });
    const body = await response.json();
    const drawn = response.ok ? bars(body) : element('p', body.detail || response.statusText, 'wrong');
    if (drawn) answer.append(drawn);
    answer.append(element('pre', shortened(JSON.stringify(body, null, 2))));
    answer.append(element('div', 'HTTP ' + response.status + ' · ' + Math.round(performance.now() - began) + ' ms', 'time'));
  } catch (error) {
    answer.append(element('p', 'No answer: ' + error.message, 'wrong'));
  } finally {
    button.disabled = false;
  }
}

for (const origin of document.querySelectorAll('.origin')) origin.textContent = location.origin;

for (const form of document.querySelectorAll('form.try')) {
  form.addEventListener('submit', event => {
    event.preventDefault();
    predict(form);
  });
}
