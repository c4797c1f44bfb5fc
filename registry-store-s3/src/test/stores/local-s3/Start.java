import com.robothy.s3.rest.LocalS3;

/** Run from its source. Says so when it is up, and ends when its input does. */
final class Start {
    public static void main(String[] arguments) throws Exception {
        LocalS3.builder().port(Integer.parseInt(arguments[0])).build().start();
        System.out.println("started");
        System.in.read();
        System.exit(0);
    }
}
