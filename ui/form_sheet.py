"""Form sheet 表单样式: the lines of the style sheet that only forms, pickers and lists need."""

SHEET = """
#record_dialog { background: @raised; }
QComboBox { padding-left: $10px; }
QComboBox:focus { padding-left: $9px; }
ChoiceBar QPushButton[segment="true"] { border-color: @edge; }
#overlay { background: @raised; border: 1px solid @edge; border-radius: $8px; }
#overlay QListView { border: none; background: transparent; }
#overlay QListView:focus { border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
#clickable[card="true"]:hover { border-color: @edge; }
#clickable[card="true"]:focus { border: 2px solid @focus; }
#clickable[on="true"] { background: @selection; border-radius: $6px; }
TableView QHeaderView::section { padding-left: $11px; padding-right: $11px; }
QPushButton[flush="true"] { padding: 0; border: none; }
QPushButton[flush="true"]:focus { padding: 0; border: none; text-decoration: underline; }
QPushButton[rail="true"] { background: transparent; border: none; border-left: 2px solid @line; border-radius: 0;
    color: @muted; text-align: left; padding: $5px $12px; }
QPushButton[rail="true"]:hover { color: @text; background: transparent; border-left-color: @edge; }
QPushButton[rail="true"][here="true"] { color: @text; border-left-color: @accent; }
QPushButton[filter="true"] { color: @muted; border-radius: $6px; }
QPushButton[filter="true"][on="true"] { color: @text; background: @selection; border-color: @accent; }
QPushButton[pick="true"] { background: @raised; border: 1px solid @line; border-radius: $12px; padding: $2px $10px;
    min-height: $18px; color: @text; }
QPushButton[pick="true"]:hover { border-color: @edge; background: @sunken; }
QPushButton[pick="true"]:checked { background: @selection; border-color: @accent; }
QPushButton[pick="true"]:focus { border: 2px solid @focus; padding: $1px $9px; }
"""
