// A page that tries an exported model: a form made from what the model says it takes. No script inside the page, so
// that it works under the strictest content security policy.

export const browserPage = (title: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'self'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>
<h1></h1>
<form></form>
<output></output>
<script type="module" src="demo.js"></script>
`;

export const DEMO_SCRIPT = `import {answer, explain, model} from './model.js';

const [heading, form, output] = ['h1', 'form', 'output'].map(name => document.querySelector(name));
heading.textContent = \`\${model.name}, version \${model.version}\`;

const fields = [
  ...model.request.map(field => ({...field, of: 'request'})),
  ...model.viewFeatures.map(field => ({...field, of: 'features', nullable: true})),
];
const inputs = fields.map(({name, type, nullable}) => {
  const input = document.createElement('input');
  Object.assign(input, type === 'number' || type === 'int' ? {type: 'number', step: 'any'} : {});
  input.required = !nullable && type !== 'string';
  const label = document.createElement('label');
  label.append(\`\${name} (\${type}) \`, input);
  const row = document.createElement('p');
  row.append(label);
  form.append(row);
  return input;
});
form.append(Object.assign(document.createElement('button'), {textContent: 'Predict'}));

const valueOf = ({type, nullable}, text) => {
  if (text === '' && (nullable || type !== 'string')) return null;
  if (type === 'number' || type === 'int') return Number(text);
  return type === 'bool' ? text === 'true' : text;
};

form.addEventListener('submit', event => {
  event.preventDefault();
  const given = {features: {}};
  fields.forEach((field, i) => {
    (field.of === 'features' ? given.features : given)[field.name] = valueOf(field, inputs[i].value);
  });
  const text = value => JSON.stringify(value, null, 2);
  try {
    output.textContent = \`\${text(answer(given))} \${text(explain(given))}\`;
  } catch (error) {
    output.textContent = error.message;
  }
});
`;
