import java.io.FileReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.data.IntegerData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.xform.util.XFormUtils;

/** The yardstick: the bench's form in JavaRosa. Arguments: form, rows per repeat, answers. Prints JSON. */
public class JavaRosaBench {
    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[1]), answers = Integer.parseInt(args[2]);
        double load = Double.MAX_VALUE;
        FormDef form = null;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            form = XFormUtils.getFormRaw(new FileReader(args[0]));
            load = Math.min(load, (System.nanoTime() - start) / 1e6);
        }
        form.initialize(true, new InstanceInitializationFactory());
        FormEntryController controller = new FormEntryController(new FormEntryModel(form));
        List<TreeReference> plain = new ArrayList<>(), inRows = new ArrayList<>();
        Map<String, Integer> made = new HashMap<>();
        int event;
        while ((event = controller.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM) {
            FormIndex index = controller.getModel().getFormIndex();
            if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT) {
                String name = index.getReference().genericize().toString();
                if (made.merge(name, 1, Integer::sum) < rows) controller.newRepeat();
            } else if (event == FormEntryController.EVENT_QUESTION) {
                String path = index.getReference().genericize().toString();
                if (path.endsWith("/amount")) inRows.add(index.getReference());
                else if (path.startsWith("/data/q")) plain.add(index.getReference());
            }
        }
        Random random = new Random(2);
        double[] times = new double[answers];
        for (int warm = 1; warm >= 0; warm--)
            for (int i = 0; i < answers; i++) {
                List<TreeReference> among = random.nextDouble() < 0.7 ? inRows : plain;
                TreeReference target = among.get(random.nextInt(among.size()));
                IntegerData value = new IntegerData(random.nextInt(1000));
                long start = System.nanoTime();
                form.setValue(value, target, true);
                times[i] = (System.nanoTime() - start) / 1e6;
            }
        Arrays.sort(times);
        System.out.println("{\"load\": " + load + ", \"median\": " + times[answers / 2] + ", \"p95\": "
            + times[answers * 95 / 100] + ", \"rows\": " + inRows.size() + ", \"plain\": " + plain.size() + "}");
    }
}
