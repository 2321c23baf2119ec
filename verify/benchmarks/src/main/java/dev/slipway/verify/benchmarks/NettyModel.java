package dev.slipway.verify.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What somebody who has one model and one afternoon writes on Netty: V2 JSON of one FP32 tensor read with Jackson's
 * streaming parser, run with the official binding where it was read, written with Jackson's generator. No limits, no
 * metrics, no errors, no second model.
 */
public final class NettyModel extends ChannelInitializer<SocketChannel> {

    private static final int LARGEST = 1 << 24;
    private static final JsonFactory JSON = new JsonFactory();

    private final OrtSession session;
    private final String output;

    private NettyModel(OrtSession session) {
        this.session = session;
        this.output = session.getOutputNames().iterator().next();
    }

    public static void main(String[] arguments) throws InterruptedException, OrtException {
        int loops = Math.min(8, Runtime.getRuntime().availableProcessors());
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        OrtSession session = OrtEnvironment.getEnvironment().createSession(arguments[1], options);
        var _ = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(loops, NioIoHandler.newFactory()))
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new NettyModel(session))
                .bind("127.0.0.1", Integer.parseInt(arguments[0]))
                .sync();
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(LARGEST), new Answer());
    }

    private final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {

        private FloatBuffer values = direct(1 << 10);

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request)
                throws IOException, OrtException {
            if (!request.method().equals(HttpMethod.POST)) {
                answer(context, HttpResponseStatus.NOT_FOUND, context.alloc().buffer());
                return;
            }
            ByteBuf body = context.alloc().buffer();
            values.clear();
            String name = "";
            List<Long> shape = new ArrayList<>();
            try (JsonParser json = JSON.createParser((InputStream) new ByteBufInputStream(request.content()))) {
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    if (token != JsonToken.FIELD_NAME) {
                        continue;
                    }
                    switch (json.currentName()) {
                        case "name" -> name = json.nextTextValue();
                        case "shape" -> {
                            json.nextToken();
                            while (json.nextToken() != JsonToken.END_ARRAY) {
                                shape.add(json.getLongValue());
                            }
                        }
                        case "data" -> read(json);
                        default -> {}
                    }
                }
            }
            long[] dims = shape.stream().mapToLong(Long::longValue).toArray();
            try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values.flip(), dims);
                    OrtSession.Result result = session.run(Map.of(name, tensor));
                    JsonGenerator json = JSON.createGenerator((OutputStream) new ByteBufOutputStream(body))) {
                write((OnnxTensor) result.get(0), json);
            }
            answer(context, HttpResponseStatus.OK, body);
        }

        private static void answer(ChannelHandlerContext context, HttpResponseStatus status, ByteBuf body) {
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            var _ = context.writeAndFlush(response, context.voidPromise());
        }

        /** Numbers, in one array or nested ones. */
        private void read(JsonParser json) throws IOException {
            int depth = 0;
            do {
                switch (json.nextToken()) {
                    case START_ARRAY -> depth++;
                    case END_ARRAY -> depth--;
                    default -> {
                        if (!values.hasRemaining()) {
                            values = direct(2 * values.capacity()).put(values.flip());
                        }
                        values.put(json.getFloatValue());
                    }
                }
            } while (depth > 0);
        }

        private void write(OnnxTensor tensor, JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeArrayFieldStart("outputs");
            json.writeStartObject();
            json.writeStringField("name", output);
            json.writeStringField("datatype", "FP32");
            json.writeFieldName("shape");
            long[] shape = tensor.getInfo().getShape();
            json.writeArray(shape, 0, shape.length);
            json.writeArrayFieldStart("data");
            FloatBuffer floats =
                    tensor.getByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
            while (floats.hasRemaining()) {
                json.writeNumber(floats.get());
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }

        private static FloatBuffer direct(int floats) {
            return ByteBuffer.allocateDirect(4 * floats)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
    }
}
