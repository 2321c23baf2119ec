// Records what TensorFlow makes of the test image: tf.image.resize, bilinear, half-pixel centres (TensorFlow 2's rule).
// Run with Node 20 and the npm packages @tensorflow/tfjs-core and @tensorflow/tfjs-backend-cpu 4.22.0:
// node make-tensorflow.js (NODE_PATH names the folder of the packages).
const fs = require('fs');
const path = require('path');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');

const folder = path.join(__dirname, '../resources/dev/slipway/steps/image/resize');
const pixels = fs.readFileSync(path.join(folder, 'input-36x52.rgb'));
const image = tf.tensor4d(Float32Array.from(pixels), [1, 36, 52, 3]);
for (const [height, width] of [[8, 8], [18, 26], [9, 13], [20, 31], [72, 104], [50, 20], [20, 90], [1, 1]]) {
  const result = tf.image.resizeBilinear(image, [height, width], false, true).dataSync();
  const name = `tensorflow-bilinear-${height}x${width}.fp32`;
  fs.writeFileSync(path.join(folder, name), Buffer.from(result.buffer, result.byteOffset, result.byteLength));
}
