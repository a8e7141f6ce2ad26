package weir.kit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Lines of bytes, in and out. */
final class Lines {
    private final InputStream in;
    private final OutputStream out;

    Lines(InputStream in, OutputStream out) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.out = out;
    }

    /** The next line; null where the input ended. Half a line is none. */
    byte[] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int each = in.read(); each != '\n'; each = in.read()) {
            if (each < 0) return null;
            line.write(each);
        }
        return line.toByteArray();
    }

    synchronized void write(String line) throws IOException {
        // One write, and no buffer that would have to be flushed.
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
