"""The parts of Rasa's NLU pipeline that are ours; the only package here that imports Rasa."""

from weerwoord.nlu.dutch_tokenizer import DutchTokenizer
from weerwoord.nlu.element_classifier import ElementClassifier
from weerwoord.nlu.intent_classifier import PracticeIntentClassifier

__all__ = ["DutchTokenizer", "ElementClassifier", "PracticeIntentClassifier"]
