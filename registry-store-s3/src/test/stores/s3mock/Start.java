import com.adobe.testing.s3mock.S3MockApplication;

/** Run from its source. Says so when it is up, and ends when its input does. */
final class Start {
    public static void main(String[] arguments) throws Exception {
        S3MockApplication.main(new String[] {"--server.port=0", "--http.port=" + arguments[0]});
        System.out.println("started");
        System.in.read();
        System.exit(0);
    }
}
