// The bare server: node:http, JSON, a tree walk, and nothing else. No validation, no metrics, no log. First argument: the
// folder of the model.
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {treeWalk} from './trees.ts';

const predict = treeWalk(JSON.parse(readFileSync(join(process.argv[2]!, 'trees.json'), 'utf8')));
const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', part => {
    text += part;
  });
  request.on('end', () => {
    const {features} = JSON.parse(text) as {features: number[]};
    const answer = JSON.stringify({prediction: predict(features)});
    response.writeHead(200, {'content-type': 'application/json', 'content-length': Buffer.byteLength(answer)});
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  const {port} = server.address() as {port: number};
  process.send!({url: `http://127.0.0.1:${port}/predict`});
});
