import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Date;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.instance.DataInstance;
import org.javarosa.core.model.instance.FormInstance;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;

/** Prints, for each line of a file, the class and text of the value JavaRosa gives the expression. */
public class JavaRosaValues {
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line : Files.readAllLines(Paths.get(args[0]), StandardCharsets.UTF_8)) {
            try {
                Object value = XPathFuncExpr.unpack(XPathParseTool.parseXPath(line)
                    .eval((DataInstance) null, new EvaluationContext((FormInstance) null)));
                String kind = value instanceof Date ? "Date" : value.getClass().getSimpleName();
                out.println(kind + "\t" + XPathFuncExpr.toString(value));
            } catch (Throwable error) {
                out.println("error\t");
            }
        }
    }
}
