from hypothesis import given
from hypothesis import strategies as st

from allmende.regions import projection
from allmende.regions.projection import HEIGHT, INSET, WIDTH, Box

OUTERMOST = {
    "List": (55.07, 8.42),
    "Selkant": (51.05, 5.86),
    "Görlitz": (51.27, 15.05),
    "Oberstdorf": (47.26, 10.18),
}


def test_germany_fills_its_frame() -> None:
    x = [projection.project(*place)[0] for place in OUTERMOST.values()]
    y = [projection.project(*place)[1] for place in OUTERMOST.values()]
    assert (min(x), max(x)) == (6.0, WIDTH - 6.0)
    assert min(y) == 6.0
    assert HEIGHT - 7.0 <= max(y) <= HEIGHT - 6.0


def test_a_hundred_kilometres_are_equally_long_north_and_south() -> None:
    """As on a printed map: the scale differs by less than one in a hundred."""
    one_degree = [
        projection.project(latitude, 10.0)[1] - projection.project(latitude + 1, 10.0)[1]
        for latitude in (47.5, 51.0, 54.0)
    ]
    assert max(one_degree) / min(one_degree) < 1.01


def test_the_inset_lies_beside_germany() -> None:
    for latitude, longitude in ((48.58, 13.84), (47.55, 13.1), (47.7, 13.0)):
        x, y = projection.project(latitude, longitude)
        assert not (INSET.x <= x and INSET.y <= y)
    assert (INSET.x + INSET.width, INSET.y + INSET.height) <= (WIDTH, HEIGHT)


places = st.tuples(st.floats(47.0, 55.0), st.floats(6.0, 15.0))


@given(st.lists(places, min_size=1, max_size=12))
def test_invented_places_lie_in_their_box(points: list[tuple[float, float]]) -> None:
    for x, y in projection.project_into(INSET, points):
        assert INSET.x <= x <= INSET.x + INSET.width
        assert INSET.y <= y <= INSET.y + INSET.height


def test_a_single_place_lies_in_the_middle_of_its_box() -> None:
    assert projection.project_into(Box(10, 20, 100, 100), [(51.0, 10.0)]) == [(60.0, 70.0)]
    assert projection.project_into(Box(10, 20, 100, 100), []) == []


def test_north_is_up_in_a_box() -> None:
    (_, north), (_, south) = projection.project_into(INSET, [(52.0, 10.0), (51.0, 10.0)])
    assert north < south


def test_cells_side_by_side_become_one_stroke() -> None:
    points = [(0.5, 0.5), (5.0, 1.0), (9.9, 2.0), (20.0, 3.0), (1.0, 9.0), (1.5, 9.5)]
    assert projection.grid_path(points, step=4) == "M0 2h12M20 2h4M0 10h4"
    assert projection.grid_path([]) == ""
