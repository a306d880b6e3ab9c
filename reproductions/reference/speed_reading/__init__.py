"""Reading less: LSTM-Jump leaps over words, Skim-RNN gives them a small update."""
