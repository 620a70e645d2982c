"""A chat for the examples, without a model: it repeats what you say, and asks before it orders anything.

Each answer comes letter by letter, as tokens do, and a long one without pauses, unless you begin with "slowly".
"order tea" interrupts with `{"question": "Order tea?"}`; any text that begins with a y is a yes.
"""

from langchain_core.language_models import FakeListChatModel
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.types import interrupt


async def reply(state: MessagesState) -> MessagesState:
    said = str(state["messages"][-1].content)
    if said.startswith("order "):
        thing = said.removeprefix("order ")
        decision = interrupt({"question": f"Order {thing}?"})
        answer = f"Ordered: {thing}." if str(decision).lower().startswith("y") else "Nothing was ordered."
    else:
        answer = f"You said: {said}"
    pause = 0.2 if said.startswith("slowly ") else 0.02 if len(answer) < 100 else None
    model = FakeListChatModel(responses=[answer], sleep=pause)
    return {"messages": [await model.ainvoke(state["messages"])]}


graph = StateGraph(MessagesState).add_node("reply", reply).add_edge(START, "reply").compile()
