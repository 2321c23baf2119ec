// One ONNX model of one FP32 tensor as Open Inference V2 JSON, on fastify and onnxruntime-node: server.js PORT MODEL
import { basename } from 'node:path';
import Fastify from 'fastify';
import * as ort from 'onnxruntime-node';

const [port, file] = process.argv.slice(2);
const name = basename(file, '.onnx');
const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const output = session.outputNames[0];
const server = Fastify({ bodyLimit: 64 << 20 });

server.post(`/v2/models/${name}/infer`, async (request) => {
  const input = request.body.inputs[0];
  const tensor = new ort.Tensor('float32', Float32Array.from(input.data), input.shape);
  const answer = (await session.run({ [input.name]: tensor }))[output];
  return {
    model_name: name,
    outputs: [{ name: output, datatype: 'FP32', shape: answer.dims, data: Array.from(answer.data) }],
  };
});

await server.listen({ host: '127.0.0.1', port: Number(port) });
