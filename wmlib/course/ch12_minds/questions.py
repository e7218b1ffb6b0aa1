"""Concept questions of chapter 12."""

from wmlib.questions import Question

QUESTIONS = [
    Question(
        "In predictive coding an error unit stays at zero while a picture is shown. What do you know?",
        (
            "Its part of the picture is predicted, whether it is bright or dark.",
            "The unit signals the difference between input and prediction, not the input.",
        ),
        [
            (
                "Its part of the picture is dark.",
                "A bright pixel that is predicted gives no error either.",
            ),
            (
                "The model has stopped learning for good.",
                "A small error stops learning on this picture; the next one may surprise it.",
            ),
            (
                "The unit belongs to no cause.",
                "A bright pixel that no cause predicts keeps its error: that is the diagonal.",
            ),
        ],
    ),
    Question(
        "A hand is thrown to the other side when the robot is switched off. What does that show?",
        (
            "Some expected force is added to its commands: learned by heart, or by a model.",
            "The hand that learned by heart has an after-effect too, so it does not tell the two apart.",
        ),
        [
            (
                "It has learned a model of force as a function of velocity, nothing else fits.",
                "A memory of one force for each moment gives an after-effect without such a model.",
            ),
            (
                "Its feedback has become stiffer.",
                "A stiff hand without learning stays straight when the robot is off.",
            ),
        ],
    ),
    Question(
        "One memory mixes the forces of four practised reaches by cosines of the direction. Which "
        "test tells it from a model of the force?",
        (
            "A practised direction, but faster.",
            "In two thirds of the time it replays the forces of the slow movement; the model computes them from the velocity.",
        ),
        [
            (
                "A direction that was never practised.",
                "That tells the model from a memory that does not mix; this one is as straight there.",
            ),
            (
                "A catch trial in the middle of the practice.",
                "Both hands miss to the other side there: both expect the push.",
            ),
            (
                "A stronger robot in the same directions.",
                "Both would be bent at first and both would learn it.",
            ),
        ],
    ),
    Question(
        "The hand subtracts W v from its command. Why is that called the use of an *inverse* model?",
        (
            "It answers which command gives the wanted movement, not which movement a command gives.",
            "W is learned by predicting felt forces, forward; subtracting it solves for the command.",
        ),
        [
            (
                "W v is the inverse matrix of the field times the velocity.",
                "No matrix is inverted: the force adds to the command, so that a minus sign is enough.",
            ),
            (
                "It runs backwards in time, from the goal to the present moment of the movement.",
                "Nothing runs backwards: W v is computed from the present velocity.",
            ),
        ],
    ),
    Question(
        "With retuned gains a controller follows a sine seen 100 ms late. What follows for models?",
        (
            "For this task and delay a model is not needed.",
            "The experiment with the simpler rival decides, and the rival does well there.",
        ),
        [
            (
                "A model is never needed for late observations.",
                "One easy task proves little: at 250 ms the stick falls with every pair of gains.",
            ),
            (
                "The gains are a forward model of the arm.",
                "Two numbers chosen by trial and error predict no state that one could read.",
            ),
            (
                "The delay has been removed.",
                "The observation is as late as before; lower gains react to it less.",
            ),
        ],
    ),
    Question(
        "The stick stands at 250 ms without a model, if its controller remembers its own commands. "
        "What does the model add?",
        (
            "Good gains from 20 seconds of noisy random data.",
            "Evolution needs hours of falls; fitted Q iteration needs the same 20 seconds free of noise.",
        ),
        [
            (
                "It makes possible what cannot be done otherwise.",
                "Evolution found 27 numbers that do it: slowly, yet it did.",
            ),
            (
                "It alone can learn from random commands.",
                "Fitted Q iteration did as well, with no model, as long as the data had no noise.",
            ),
            (
                "It makes the commands remembered.",
                "Both remember them; without the commands the model's forecast fails as well.",
            ),
        ],
    ),
    Question(
        "A regression was fitted while the target was 2 % and fails at 6 %. What would have helped it?",
        (
            "Years with varied targets.",
            "Then the data says what a known target does. Where people learn slowly it must be held long.",
        ),
        [
            (
                "Many more years of the same policy.",
                "Twenty thousand years of one regime leave it as wrong as before.",
            ),
            (
                "A more flexible function of inflation.",
                "200 features fit the old regime as well, and err as much in the new one.",
            ),
            (
                "Less noise in the statistics.",
                "The slope was estimated well; it is another relation that holds under the new policy.",
            ),
        ],
    ),
    Question(
        "The engine is 30 % wrong about gravity. Who plans best after 200 to 600 real steps?",
        (
            "The engine with its one unknown number fitted.",
            "Its form was right, so that one number and 200 steps repair it.",
        ),
        [
            (
                "The learned copy: only a network can learn from data.",
                "Fitting one number is learning from data, and needs less of it.",
            ),
            (
                "The engine as written: physics beats statistics.",
                "It plans in a world that is not there, and earns several hundred points less.",
            ),
            (
                "Nobody can know without the true simulator of the world.",
                "The evidence compares them in the same world, on the same starts.",
            ),
        ],
    ),
]
